/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The measured configuration (abi/image/config.h), read where it lies: at CONFIG_BASE, in measured
 * read-only pages. Being measured it is not hostile, but it is still parsed with checks, because a
 * builder may have bugs.
 */
#ifndef ENCLAVE_START_CONFIG_H
#define ENCLAVE_START_CONFIG_H

#include "abi/image/config.h"
#include "base/err.h"
#include "base/span.h"

struct config {
    struct config_header head;
    cspan bytes; /* all of it */
};

/* EINVAL if the bytes are no configuration of this version, or a part of it is not inside them.
 * `bytes` is borrowed for ever. */
MUST err config_open(cspan bytes, struct config *out);
/* The i-th string of a kind, counted over that kind; false behind the last. */
MUST bool config_string(const struct config *c, enum config_string_kind kind, uint32_t i,
                        cspan *out);

#endif
