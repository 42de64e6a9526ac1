/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A task is a LibOS thread: what the program calls a thread, with a kernel stack of its own. It
 * belongs to one process, which it borrows; the process outlives its tasks. Its fields are touched
 * only by the task itself (and by the exception handler of the vCPU it runs on, while it runs
 * user code), so they need no lock.
 */
#ifndef ENCLAVE_SCHED_TASK_H
#define ENCLAVE_SCHED_TASK_H

#include "arch/x86_64/regs.h"
#include "base/addr.h"
#include "base/err.h"
#include "base/list.h"
#include "base/rb.h"

struct process;

/* What interrupted user code, from SSA[0].EXITINFO and EXINFO. */
#define EXCEPTION_KICK 0x100u /* no exception: an interrupt, others want to run */

struct exception {
    uint32_t vector; /* SGX_VEC_* or EXCEPTION_KICK */
    uint32_t code;   /* page fault error code */
    uaddr addr;      /* page fault address */
};

enum task_state { TASK_RUNNING, TASK_READY, TASK_WAITING, TASK_DEAD };

struct task {
    struct regs regs; /* user registers while the task is in the kernel */
    struct exception exc;
    struct process *proc;
    int tid;
    uint64_t kernel_sp; /* top of the kernel stack */
    uint64_t saved_sp;  /* where it goes on, while it does not run; 0: it never ran */
    enum task_state state;
    bool timed_out;             /* the last wait ended by its deadline */
    struct list_node run_link;  /* sched.c: in the ready or the dead list */
    struct list_node wait_link; /* wait.h: in one wait queue, while waiting */
    struct list_node proc_link; /* process.tasks */
    struct rb_node timer;       /* sched.c: by deadline, while waiting for one */
    uint64_t syscalls;          /* how many so far: the round number of log lines */
    uaddr clear_child_tid;      /* set_tid_address(2) */
    uaddr robust_list;          /* set_robust_list(2) */
    uint64_t sigmask;
};

/* The task that runs on this vCPU. Moves at each switch: never cache it across a blocking call. */
struct task *task_current(void);

/* A task of `proc` with an empty register set and a kernel stack; it joins proc->tasks and does not
 * run yet. ENOMEM. */
MUST err task_new(struct process *proc, int tid, struct task **out);
/* Frees a task that never ran or is dead, with its stack. */
void task_free(struct task *t);

#endif
