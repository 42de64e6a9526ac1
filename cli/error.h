/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Why a step of the tool failed, as a sentence for its user: without "Error:" and without newline.
 * Libraries of the tool fill one in; the verb that called them prints it, once.
 */
#ifndef CLI_ERROR_H
#define CLI_ERROR_H

#include "base/compiler.h"

struct cli_error {
    char text[1024];
};

/* A longer text is cut. */
void cli_error_set(struct cli_error *error, const char *fmt, ...) PRINTF(2, 3);
/* The same with ": " and what errno says at the end. */
void cli_error_set_errno(struct cli_error *error, const char *fmt, ...) PRINTF(2, 3);

#endif
