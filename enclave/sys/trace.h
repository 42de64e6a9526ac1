/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Trace lines in the manner of strace:
 *
 *   [T1][#12] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
 *
 * The arguments are printed before the call, because the call may change what they point to. Only
 * path strings are read from the program, at most TRACE_STRING bytes of each.
 */
#ifndef ENCLAVE_SYS_TRACE_H
#define ENCLAVE_SYS_TRACE_H

#include "enclave/sched/task.h"
#include "enclave/sys/table.h"

#define TRACE_STRING 64
#define TRACE_LINE   512

struct trace_line {
    char text[TRACE_LINE];
    size_t n;
};

/* Begins a line with the task, the round and the call with its arguments. */
void trace_call(struct trace_line *line, const struct task *t, const struct sys_call *call,
                const struct sys_args *args);
/* Adds the result and logs the line. */
void trace_result(struct trace_line *line, const struct sys_call *call, err e, int64_t value);
/* Logs the line of a call that may never return. */
void trace_no_result(struct trace_line *line);

#endif
