/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the launcher says to its user: one line on standard error, "occlum: " and a sentence.
 */
#ifndef HOST_RUN_SAY_H
#define HOST_RUN_SAY_H

#include "base/compiler.h"

/* Exit codes of a run that never reached the program. */
#define EXIT_REFUSED 1 /* enclave or image not as signed, machine not able */
#define EXIT_USAGE   2
#define EXIT_CRASH   134 /* the LibOS itself stopped */

void say(const char *fmt, ...) PRINTF(1, 2);
NORETURN void die(int code, const char *fmt, ...) PRINTF(2, 3);

#endif
