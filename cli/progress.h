/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A progress bar on standard error, if that is a terminal, for work that takes more than a second.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/err.h"

void progress_start(void);
/* As often as one likes: it draws a few times a second at most. */
void progress_show(const char *label, uint64_t done, uint64_t total);
/* Wipes the bar away. */
void progress_stop(void);

#endif
