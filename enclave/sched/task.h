/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A task is a LibOS thread: what the program calls a thread, with a kernel stack of its own. It
 * belongs to one process, which it borrows; the process outlives its tasks.
 */
#ifndef ENCLAVE_SCHED_TASK_H
#define ENCLAVE_SCHED_TASK_H

#include "arch/x86_64/regs.h"
#include "base/addr.h"
#include "base/err.h"

struct process;

struct task {
    struct regs regs; /* user registers while the task is in the kernel */
    struct process *proc;
    int tid;
    uint64_t syscalls;     /* how many so far: the round number of log lines */
    uaddr clear_child_tid; /* set_tid_address(2) */
    uaddr robust_list;     /* set_robust_list(2) */
    uint64_t sigmask;
};

/* The task that runs on this vCPU. Moves at each switch: never cache it across a blocking call. */
struct task *task_current(void);

#endif
