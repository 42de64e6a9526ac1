/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stand-ins for the system calls that are not in the twin because they need the real enclave. They
 * are weak and come last: a call whose own file is in the twin is taken from there.
 */
#include "enclave/sys/calls.h"

#include "enclave/sched/task.h"

#define WEAK __attribute__((weak))
#define S0(nr, name)                                                                               \
    WEAK err sys_##name(struct task *t, int64_t *ret) {                                            \
        return ERR(ENOSYS);                                                                        \
    }
#define S1(nr, name, t0, n0)                                                                       \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0) {                                     \
        return ERR(ENOSYS);                                                                        \
    }
#define S2(nr, name, t0, n0, t1, n1)                                                               \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1) {                              \
        return ERR(ENOSYS);                                                                        \
    }
#define S3(nr, name, t0, n0, t1, n1, t2, n2)                                                       \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2) {                       \
        return ERR(ENOSYS);                                                                        \
    }
#define S4(nr, name, t0, n0, t1, n1, t2, n2, t3, n3)                                               \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3) {                \
        return ERR(ENOSYS);                                                                        \
    }
#define S5(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4)                                       \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4) {         \
        return ERR(ENOSYS);                                                                        \
    }
#define S6(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5)                               \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4, t5 n5) {  \
        return ERR(ENOSYS);                                                                        \
    }

#define SX(nr, name, why)
#include "abi/linux/syscalls.def"
