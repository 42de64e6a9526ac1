/* SPDX-License-Identifier: BSD-3-Clause
 *
 * err: the result of everything that can fail. It is a struct, so that a status cannot be mixed
 * with a value, a count or a boolean: `return 0`, `a() < 0` and a forgotten check do not compile.
 * Values leave by out-parameters, which are written only on success. It becomes -errno in one
 * place, the system call thunk (enclave/sys/dispatch.c).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/compiler.h"
#include "errno_gen.h" /* from abi/linux/errno.def */

typedef struct TYPE_MUST {
    int no; /* 0, or a positive Linux errno */
} err;

#define OK      ((err){0})
#define ERR(no) ((err){(no)})

static inline bool failed(err e) {
    return e.no != 0;
}

/* Returns the error to the caller at once. Legal everywhere because what a function owns is
 * released by OWNED cleanups; it is the only macro that hides a jump. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        err try_ = (expr);                                                                         \
        if (failed(try_))                                                                          \
            return try_;                                                                           \
    } while (0)

/* The name of an errno, "ENOENT"; "E?" for a number Linux does not have. Static string. */
const char *err_name(int no);

#endif
