/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One sentence in a fixed buffer, so that reporting an error cannot fail.
 */
#include "cli/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void PRINTF(2, 0) set(struct cli_error *error, const char *fmt, va_list ap) {
    (void)vsnprintf(error->text, sizeof(error->text), fmt, ap);
}

void cli_error_set(struct cli_error *error, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    set(error, fmt, ap);
    va_end(ap);
}

void cli_error_set_errno(struct cli_error *error, const char *fmt, ...) {
    const int no = errno;
    size_t used;
    va_list ap;

    va_start(ap, fmt);
    set(error, fmt, ap);
    va_end(ap);
    used = strlen(error->text);
    (void)snprintf(&error->text[used], sizeof(error->text) - used, ": %s", strerror(no));
}
