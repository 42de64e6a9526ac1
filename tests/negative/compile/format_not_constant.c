/* must not compile: format string is not a string literal|format not a string literal */
/* SPDX-License-Identifier: BSD-3-Clause
 * A format is never data.
 */
#include "base/log.h"

void crime(const char *text);
void crime(const char *text) {
#ifdef CRIME
    log_err("mm", text, 1);
#else
    log_err("mm", "%s", text);
#endif
}
