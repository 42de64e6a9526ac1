/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A woken task leaves the queue at once, so that it cannot be woken twice; one whose deadline came
 * leaves it by itself.
 */
#include "enclave/sched/wait.h"

struct wait_queue wait_pollers = WAIT_INIT(wait_pollers);

void wait_init(struct wait_queue *q) {
    list_init(&q->waiters);
}

err wait_on(struct wait_queue *q, uint64_t deadline) {
    struct task *t = task_current();

    list_push_back(&q->waiters, &t->wait_link);
    err e = task_block(deadline);
    if (!list_is_linked(&t->wait_link))
        return OK; /* woken: that counts, even if the time was up as well */
    list_remove(&t->wait_link);
    return e;
}

void wake_all(struct wait_queue *q) {
    while (!list_empty(&q->waiters)) {
        struct task *t = CONTAINER_OF(list_first(&q->waiters), struct task, wait_link);
        list_remove(&t->wait_link);
        task_wake(t);
    }
}
