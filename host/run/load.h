/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Loading the signed enclave: map the file, check it, add its pages, measure what was added, and
 * let the back end initialise it only if the measurement and the signature agree.
 */
#ifndef HOST_RUN_LOAD_H
#define HOST_RUN_LOAD_H

#include "base/compiler.h"
#include "host/run/backend.h"

/* Does not come back if anything is wrong: the sentence on standard error names it. */
void enclave_load(const struct backend *backend, const char *path);
/* Opens a file for reading at a descriptor above the standard ones, which may be closed: the
 * program must not find the launcher's files in their place. -errno. */
int open_above_stdio(const char *path);
/* Maps a whole file read-only; *size is its size. -errno if it cannot be opened. */
int64_t map_file(const char *path, const uint8_t **bytes, uint64_t *size);

/* Does the CPU have the SHA extensions? (CPUID costs microseconds in virtual machines.) */
bool cpu_has_sha(void);
/* CPUID.1:EDX, which Linux shows programs as AT_HWCAP. */
uint32_t cpu_features(void);

#endif
