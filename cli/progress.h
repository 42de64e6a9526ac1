/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A progress bar on a terminal for work that takes more than a second. It watches a file grow, so
 * the work itself knows nothing of it.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/err.h"

/* Shows how far `file` (borrowed until progress_stop) is from having `total` bytes. Nothing
 * happens if standard error is no terminal. */
void progress_start(const char *label, const char *file, uint64_t total);
void progress_stop(void);

/* Bytes of the regular files below `path`. */
uint64_t progress_tree_size(const char *path);

#endif
