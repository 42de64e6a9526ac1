/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One row of the system call table: what the tracer and the dispatcher know about a call.
 */
#ifndef ENCLAVE_SYS_TABLE_H
#define ENCLAVE_SYS_TABLE_H

#include "base/err.h"
#include "enclave/sys/args.h"

struct task;

struct sys_args {
    uint64_t v[6]; /* rdi rsi rdx r10 r8 r9 */
};

/* The one type of all thunks: they convert registers to the handler's types. */
typedef err (*sys_thunk)(struct task *t, int64_t *ret, const struct sys_args *args);

struct sys_call {
    const char *name;
    sys_thunk call;  /* NULL: not implemented */
    const char *why; /* not implemented: the reason */
    bool fatal;      /* not implemented, and programs seldom get over it */
    uint8_t argc;
    uint8_t kinds[6]; /* enum sys_arg_kind */
};

/* The row of a number, or NULL if Linux has no such call. */
const struct sys_call *sys_call_find(uint64_t nr);

#endif
