/* SPDX-License-Identifier: BSD-3-Clause
 *
 * abi/linux/syscalls.def included three times: for the prototypes (calls.h), for one thunk per
 * call, and for the table. All thunks have the same type, so the dispatcher needs no cast and kCFI
 * checks the call.
 */
#include "enclave/sys/table.h"

#include "enclave/sys/calls.h"

#define THUNK(name, ...)                                                                           \
    static err thunk_##name(struct task *t, int64_t *ret, const struct sys_args *a) {              \
        return sys_##name(__VA_ARGS__);                                                            \
    }
#define A(type, i) ARG_##type(a->v[i])

#define SX(nr, name, why)
#define SE(nr, name, why)
#define S0(nr, name)                         THUNK(name, t, ret)
#define S1(nr, name, t0, n0)                 THUNK(name, t, ret, A(t0, 0))
#define S2(nr, name, t0, n0, t1, n1)         THUNK(name, t, ret, A(t0, 0), A(t1, 1))
#define S3(nr, name, t0, n0, t1, n1, t2, n2) THUNK(name, t, ret, A(t0, 0), A(t1, 1), A(t2, 2))
#define S4(nr, name, t0, n0, t1, n1, t2, n2, t3, n3)                                               \
    THUNK(name, t, ret, A(t0, 0), A(t1, 1), A(t2, 2), A(t3, 3))
#define S5(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4)                                       \
    THUNK(name, t, ret, A(t0, 0), A(t1, 1), A(t2, 2), A(t3, 3), A(t4, 4))
#define S6(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5)                               \
    THUNK(name, t, ret, A(t0, 0), A(t1, 1), A(t2, 2), A(t3, 3), A(t4, 4), A(t5, 5))
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

#define ROW(nr, nm, count, ...) [nr] = {#nm, thunk_##nm, NULL, false, (count), {__VA_ARGS__}},
#define K(type)                 KIND_##type

#define SX(nr, nm, reason)                         [nr] = {#nm, NULL, (reason), false, 0, {0}},
#define SE(nr, nm, reason)                         [nr] = {#nm, NULL, (reason), true, 0, {0}},
#define S0(nr, nm)                                 ROW(nr, nm, 0, 0)
#define S1(nr, nm, t0, n0)                         ROW(nr, nm, 1, K(t0))
#define S2(nr, nm, t0, n0, t1, n1)                 ROW(nr, nm, 2, K(t0), K(t1))
#define S3(nr, nm, t0, n0, t1, n1, t2, n2)         ROW(nr, nm, 3, K(t0), K(t1), K(t2))
#define S4(nr, nm, t0, n0, t1, n1, t2, n2, t3, n3) ROW(nr, nm, 4, K(t0), K(t1), K(t2), K(t3))
#define S5(nr, nm, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4)                                         \
    ROW(nr, nm, 5, K(t0), K(t1), K(t2), K(t3), K(t4))
#define S6(nr, nm, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5)                                 \
    ROW(nr, nm, 6, K(t0), K(t1), K(t2), K(t3), K(t4), K(t5))
static const struct sys_call g_calls[] = {
#include "abi/linux/syscalls.def"
};

const struct sys_call *sys_call_find(uint64_t nr) {
    if (nr >= COUNT_OF(g_calls) || g_calls[nr].name == NULL)
        return NULL;
    return &g_calls[nr];
}
