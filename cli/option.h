/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Options of a verb: `--name VALUE`, `--name=VALUE`, `--flag`. They end at the first argument that
 * does not start with '-', or behind "--". Anything unknown is an error, with the nearest known
 * option named.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "base/err.h"

struct option {
    const char *name, *alias; /* "--force", "-f" or NULL */
    const char **value;       /* where the value goes, or NULL for a flag */
    bool *flag;               /* set to true, or NULL */
};

/* Moves *args to the first argument that is no option. EINVAL after a message. */
err options_parse(const struct option *options, size_t count, char ***args);

#endif
