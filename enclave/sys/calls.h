/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Prototypes of the system call handlers, made from the list:
 *
 *   err sys_read(struct task *t, int64_t *ret, fd_t fd, u_out buf, size_t len);
 *
 * A handler decodes and checks, calls the object it is about, and copies out. *ret is 0 at entry,
 * and counts only if the handler returns OK.
 */
#ifndef ENCLAVE_SYS_CALLS_H
#define ENCLAVE_SYS_CALLS_H

#include "base/err.h"
#include "enclave/sys/args.h"

struct task;

#define SX(nr, name, why)
#define SE(nr, name, why)
#define S0(nr, name)         MUST err sys_##name(struct task *t, int64_t *ret);
#define S1(nr, name, t0, n0) MUST err sys_##name(struct task *t, int64_t *ret, t0 n0);
#define S2(nr, name, t0, n0, t1, n1)                                                               \
    MUST err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1);
#define S3(nr, name, t0, n0, t1, n1, t2, n2)                                                       \
    MUST err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2);
#define S4(nr, name, t0, n0, t1, n1, t2, n2, t3, n3)                                               \
    MUST err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3);
#define S5(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4)                                       \
    MUST err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4);
#define S6(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5)                               \
    MUST err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4, t5 n5);
#include "abi/linux/syscalls.def"
#undef SX
#undef SE
#undef S0
#undef S1
#undef S2
#undef S3
#undef S4
#undef S5
#undef S6

#endif
