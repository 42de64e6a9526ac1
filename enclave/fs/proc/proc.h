/* SPDX-License-Identifier: BSD-3-Clause
 *
 * /proc: what programs ask the kernel about itself and about them. A file system knows no
 * processes, so what it tells about the caller comes through a table of functions handed down at
 * start. Only the caller's own process is shown.
 */
#ifndef ENCLAVE_FS_PROC_PROC_H
#define ENCLAVE_FS_PROC_PROC_H

#include "enclave/file/fdtable.h"
#include "enclave/fs/vfs/context.h"

/* The process that asks. Everything is borrowed and may be gone after the call. */
struct proc_view {
    int pid, ppid;
    cspan comm, exe; /* exe: absolute path */
    struct fdtable *files;
    struct fs_context *fs;
};

struct proc_source {
    void (*view)(struct proc_view *out);
    /* Bytes of memory for programs. */
    void (*memory)(uint64_t *total, uint64_t *left);
    /* Nanoseconds since the enclave started. */
    uint64_t (*uptime)(void);
};

/* The file system; `source` is const data of the caller. ENOMEM. */
MUST err procfs_new(const struct proc_source *source, struct fs **out);

#endif
