/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads of a process: tasks that share everything but registers and stack. clone(2) makes them
 * with the flags every C library uses; other sets of flags make processes and are not there yet.
 */
#ifndef ENCLAVE_PROC_THREAD_H
#define ENCLAVE_PROC_THREAD_H

#include "base/addr.h"
#include "enclave/sched/task.h"

/* The arguments of clone(2). */
struct thread_request {
    uint64_t flags;
    uaddr stack, parent_tid, child_tid;
    uint64_t tls;
};

/* Starts a thread with a copy of t's registers, RAX = 0. ENOSYS for flags that ask for a process,
 * EINVAL for a thread without its own stack, EPERM for a thread pointer that is no address, EAGAIN
 * without memory, EFAULT. */
MUST err thread_clone(struct task *t, const struct thread_request *req, int *tid);

/* Ends the current thread: clears and wakes its tid word, gives up its robust futexes. The last one
 * ends the process with `status`. */
NORETURN void thread_exit(struct task *t, int status);

#endif
