/* SPDX-License-Identifier: BSD-3-Clause
 *
 * futex(2): waiting for a word of user memory to change. A waiter is a kernel object keyed by the
 * word's address; user memory is read once, when the wait begins.
 */
#ifndef ENCLAVE_SCHED_FUTEX_H
#define ENCLAVE_SCHED_FUTEX_H

#include "base/addr.h"
#include "enclave/sched/sched.h"

#define FUTEX_ANY_BIT 0xffffffffu

/* Waits while the word holds `value`. EAGAIN if it does not; ETIMEDOUT; EFAULT; EINVAL (not a
 * multiple of 4). */
MUST err futex_wait(uaddr word, uint32_t value, uint32_t bitset, uint64_t deadline);
/* Wakes at most `max` waiters with a bit in common; how many it were. */
uint32_t futex_wake(uaddr word, uint32_t max, uint32_t bitset);
/* Wakes at most `wake` waiters of `from` and moves at most `move` others to `to`; how many in all.
 */
uint32_t futex_requeue(uaddr from, uaddr to, uint32_t wake, uint32_t move);

#endif
