/* SPDX-License-Identifier: BSD-3-Clause
 *
 * futex(2): operations and their clocks, on top of enclave/sched/futex.h.
 */
#include "enclave/sched/futex.h"

#include "enclave/sys/calls.h"
#include "enclave/time/clock.h"
#include "enclave/time/timespec.h"
#include "enclave/user/copy.h"

#define FUTEX_WAIT           0
#define FUTEX_WAKE           1
#define FUTEX_REQUEUE        3
#define FUTEX_CMP_REQUEUE    4
#define FUTEX_WAKE_OP        5
#define FUTEX_WAIT_BITSET    9
#define FUTEX_WAKE_BITSET    10
#define FUTEX_PRIVATE        0x80
#define FUTEX_CLOCK_REALTIME 0x100
#define FUTEX_COMMAND(op)    ((op) & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME))

/* The monotonic time of a timeout: relative for WAIT, absolute on its clock for WAIT_BITSET. */
static err deadline_of(uaddr timeout, int op, uint64_t *deadline) {
    struct linux_timespec ts;
    uint64_t ns, now, clock_now;
    bool absolute = FUTEX_COMMAND(op) == FUTEX_WAIT_BITSET;
    bool realtime = (op & FUTEX_CLOCK_REALTIME) != 0;

    *deadline = NO_DEADLINE;
    if (uaddr_is_null(timeout))
        return OK;
    TRY(user_get(&ts, timeout));
    TRY(timespec_ns(&ts, &ns));
    TRY(clock_read(CLOCK_MONOTONIC, &now));
    if (absolute) {
        TRY(clock_read(realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC, &clock_now));
        ns = ns > clock_now ? ns - clock_now : 0;
    }
    if (!add_ok(deadline, now, ns))
        *deadline = NO_DEADLINE;
    return OK;
}

static err wait(uaddr word, int op, uint32_t value, uaddr timeout, uint32_t bitset) {
    uint64_t deadline;

    TRY(deadline_of(timeout, op, &deadline));
    return futex_wait(word, value, bitset, deadline);
}

static uint32_t sign_extend_12(uint32_t v) {
    return (v & 0x800) != 0 ? v | 0xfffff000u : v & 0x7ff;
}

/* The word changed by FUTEX_WAKE_OP's operation; *compared says whether its test held before. */
static err modify(uaddr word, uint32_t code, bool *compared) {
    uint32_t op = code >> 28 & 7, cmp = code >> 24 & 15;
    uint32_t arg = sign_extend_12(code >> 12), cmp_arg = sign_extend_12(code);
    uint32_t old, fresh;

    if ((code >> 31) != 0)
        arg = 1u << (arg & 31);
    TRY(user_get(&old, word));
    switch (op) {
    case 0:
        fresh = arg;
        break;
    case 1:
        fresh = (uint32_t)wrap_add(old, arg);
        break;
    case 2:
        fresh = old | arg;
        break;
    case 3:
        fresh = old & ~arg;
        break;
    case 4:
        fresh = old ^ arg;
        break;
    default:
        return ERR(ENOSYS);
    }
    int32_t left = (int32_t)old, right = (int32_t)cmp_arg;
    const bool tests[] = {left == right, left != right, left<right, left <= right, left> right,
                          left >= right};
    if (cmp >= COUNT_OF(tests))
        return ERR(ENOSYS);
    *compared = tests[cmp];
    return user_put(word, &fresh);
}

static err wake_op(uaddr word, uaddr word2, uint32_t max, uint32_t max2, uint32_t code,
                   int64_t *ret) {
    bool compared;

    TRY(modify(word2, code, &compared));
    *ret = futex_wake(word, max, FUTEX_ANY_BIT);
    if (compared)
        *ret += futex_wake(word2, max2, FUTEX_ANY_BIT);
    return OK;
}

static err requeue(uaddr word, int op, uint32_t wake, uint32_t move, uaddr to, uint32_t expected,
                   int64_t *ret) {
    uint32_t now;

    if ((int32_t)wake < 0 || (int32_t)move < 0)
        return ERR(EINVAL);
    if (FUTEX_COMMAND(op) == FUTEX_CMP_REQUEUE) {
        TRY(user_get(&now, word));
        if (now != expected)
            return ERR(EAGAIN);
    }
    *ret = futex_requeue(word, to, wake, move);
    return OK;
}

err sys_futex(struct task *t, int64_t *ret, u_ptr word, int op, uint32_t val, u_in timeout,
              u_ptr word2, uint32_t val3) {
    if (!is_aligned(word.va, sizeof(uint32_t)))
        return ERR(EINVAL);
    switch (FUTEX_COMMAND(op)) {
    case FUTEX_WAIT:
        return wait(word, op, val, timeout, FUTEX_ANY_BIT);
    case FUTEX_WAIT_BITSET:
        return wait(word, op, val, timeout, val3);
    case FUTEX_WAKE:
        *ret = futex_wake(word, val, FUTEX_ANY_BIT);
        return OK;
    case FUTEX_WAKE_BITSET:
        if (val3 == 0)
            return ERR(EINVAL);
        *ret = futex_wake(word, val, val3);
        return OK;
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
        return requeue(word, op, val, (uint32_t)timeout.va, word2, val3, ret);
    case FUTEX_WAKE_OP:
        return wake_op(word, word2, val, (uint32_t)timeout.va, val3, ret);
    default:
        return ERR(ENOSYS);
    }
}
