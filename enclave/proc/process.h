/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A process: an address space, open files, a working directory and an identity, shared by its
 * tasks. It owns everything it points to.
 */
#ifndef ENCLAVE_PROC_PROCESS_H
#define ENCLAVE_PROC_PROCESS_H

#include "base/err.h"
#include "base/span.h"

struct fdtable;
struct fs_context;
struct mm;

#define COMM_SIZE 16 /* with NUL, as Linux's TASK_COMM_LEN */

struct process {
    int pid, ppid;
    struct mm *mm;         /* enclave/mm/mm.h */
    struct fdtable *files; /* enclave/file/fdtable.h */
    struct fs_context *fs; /* enclave/fs/vfs/context.h: root, cwd, umask */
    char comm[COMM_SIZE];
    char *exe_path; /* absolute, NUL-terminated, owned */
};

#endif
