/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A process: an address space, open files, a working directory and an identity, shared by its
 * tasks. It owns everything it points to.
 */
#ifndef ENCLAVE_PROC_PROCESS_H
#define ENCLAVE_PROC_PROCESS_H

#include "base/err.h"
#include "base/list.h"
#include "base/span.h"
#include "enclave/signal/signal.h"

struct fdtable;
struct fs_context;
struct mm;

#define COMM_SIZE 16 /* with NUL, as Linux's TASK_COMM_LEN */

/* The first program is not pid 1: programs treat pid 1 specially. */
#define FIRST_PID 2

struct process {
    int pid, ppid;
    struct list tasks; /* by proc_link; the process ends with the last */
    int last_tid;
    struct mm *mm;         /* enclave/mm/mm.h */
    struct fdtable *files; /* enclave/file/fdtable.h */
    struct fs_context *fs; /* enclave/fs/vfs/context.h: root, cwd, umask */
    char comm[COMM_SIZE];
    char *exe_path; /* absolute, NUL-terminated, owned */
    struct sigactions sigactions;
    uint64_t stack_size; /* RLIMIT_STACK */
    uint64_t heap_limit; /* RLIMIT_DATA: the brk window */
};

/* Ends the process: its first process ending ends `occlum run` with this exit code (0-255). */
NORETURN void process_exit(struct process *p, int code);

/* Remembers the program's path and derives comm from it. ENOMEM. */
MUST err process_set_exe(struct process *p, cspan path);

#endif
