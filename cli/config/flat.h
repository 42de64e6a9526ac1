/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The configuration as the enclave gets it: the bytes of abi/image/config.h. The same values give
 * the same bytes on every machine; each value of Occlum.json is in there, so that MRENCLAVE
 * depends on it.
 */
#ifndef CLI_CONFIG_FLAT_H
#define CLI_CONFIG_FLAT_H

#include "abi/image/rootfs.h"
#include "cli/config/config.h"

/* Gives *bytes (release with free). E2BIG if it exceeds CONFIG_MAX_SIZE; ENOMEM. */
err flat_write(uint8_t **bytes, size_t *size, const struct config *config,
               const struct rootfs_trailer *rootfs);

#endif
