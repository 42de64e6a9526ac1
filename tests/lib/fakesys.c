/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A stand-in for each system call, because most handlers need the real enclave. They are weak: a
 * test that wants real ones links their objects (unit_objects in tests/unit/meson.build).
 */
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"

#define FAKE(name, ...)                                                                            \
    __attribute__((weak)) err sys_##name(struct task *t, int64_t *ret, ##__VA_ARGS__) {            \
        return ERR(ENOSYS);                                                                        \
    }

#define SX(nr, name, why)
#define SE(nr, name, why)
#define S0(nr, name)                                 FAKE(name)
#define S1(nr, name, t0, n0)                         FAKE(name, t0 n0)
#define S2(nr, name, t0, n0, t1, n1)                 FAKE(name, t0 n0, t1 n1)
#define S3(nr, name, t0, n0, t1, n1, t2, n2)         FAKE(name, t0 n0, t1 n1, t2 n2)
#define S4(nr, name, t0, n0, t1, n1, t2, n2, t3, n3) FAKE(name, t0 n0, t1 n1, t2 n2, t3 n3)
#define S5(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4)                                       \
    FAKE(name, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4)
#define S6(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5)                               \
    FAKE(name, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4, t5 n5)
#include "abi/linux/syscalls.def"
