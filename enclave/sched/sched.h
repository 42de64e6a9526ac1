/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who runs. Tasks are switched inside the enclave, where one blocks, and where the host interrupts
 * user code while there are others; there is one vCPU so far and kernel code is never preempted, so
 * between two such places nothing else changes. With no task ready, the vCPU sleeps on the host
 * until the earliest deadline.
 *
 * Blocking is done through wait.h; these are its parts. None may be called with a spinlock held.
 */
#ifndef ENCLAVE_SCHED_SCHED_H
#define ENCLAVE_SCHED_SCHED_H

#include "enclave/sched/task.h"

#define NO_DEADLINE UINT64_MAX

/* Runs the first task; does not return. */
NORETURN void sched_start(struct task *first);
/* Puts a new task among the ready ones. */
void sched_add(struct task *t);
/* The current task stops running until task_wake() or until monotonic time reaches `deadline`:
 * ETIMEDOUT then. */
MUST err task_block(uint64_t deadline);
/* Makes a waiting task ready; does nothing to others. */
void task_wake(struct task *t);
/* Lets the other ready tasks run first. */
void task_yield(void);
/* Are there tasks besides the current one? Then nobody may block the vCPU in a host call. */
bool sched_has_others(void);
/* The current task is over: its stack goes once another one runs. */
NORETURN void sched_exit(void);

#endif
