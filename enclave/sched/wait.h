/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Wait queues: how everything blocks. A waiter checks its condition, waits, and checks again; a
 * waker changes the condition first and wakes then.
 *
 *     while (pipe is empty)
 *         TRY(wait_on(&p->readers, NO_DEADLINE));
 *
 * With one vCPU nothing can happen between the check and the wait, so there is no lost wake-up. The
 * owner of the queue keeps it alive while anybody waits.
 */
#ifndef ENCLAVE_SCHED_WAIT_H
#define ENCLAVE_SCHED_WAIT_H

#include "enclave/sched/sched.h"

struct wait_queue {
    struct list waiters; /* tasks, by wait_link */
};

#define WAIT_INIT(name) {LIST_INIT((name).waiters)}

void wait_init(struct wait_queue *q);
/* Blocks until somebody wakes this task or monotonic time reaches `deadline`: ETIMEDOUT. */
MUST err wait_on(struct wait_queue *q, uint64_t deadline);
void wake_all(struct wait_queue *q);

/* Everybody in poll(2) or select(2): woken at each change of anything that can be polled inside. */
extern struct wait_queue wait_pollers;

#endif
