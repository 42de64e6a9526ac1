/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tasks of the twin: each is a thread of the test, and exactly one holds the baton and runs. It is
 * handed over where a task would block, so code that is written for one vCPU runs unchanged, and a
 * sanitizer sees real threads and real hand-overs. Who comes next is drawn from a seed: the same
 * seed gives the same interleaving.
 */
#ifndef TESTS_LIB_BATON_H
#define TESTS_LIB_BATON_H

#include "enclave/sched/task.h"

#define BATON_TASKS_MAX 16

struct baton_task {
    void (*run)(void *arg);
    void *arg;
    struct process *proc; /* of task_current(), may be NULL */
};

/* Runs all tasks to their end, the first one first. task_current() is each one's own, with tids
 * from 1 on. Ends the test if they pass the baton around for ever. */
void baton_run(const struct baton_task *tasks, size_t count, uint64_t seed);

/* Lets another task run, or goes on if there is none; called by the task that holds the baton. */
void baton_pass(void);

#endif
