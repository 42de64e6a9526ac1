/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the tool says when something is wrong. A message is printed once, where the fault is seen;
 * the err then only travels up to become exit code 1.
 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "base/err.h"

/* "Error: …" on stderr. Returns ERR(EINVAL). */
err complain(const char *fmt, ...) PRINTF(1, 2);
/* The same with ": " and what errno says at the end, and what to do about a full disk. Returns
 * ERR(errno). */
err complain_errno(const char *fmt, ...) PRINTF(1, 2);
/* "Error: …" on stdout, where the original puts the messages about the state of an instance. */
err refuse(const char *fmt, ...) PRINTF(1, 2);
/* "occlum: warning: …" on stderr. */
void warn_user(const char *fmt, ...) PRINTF(1, 2);

#endif
