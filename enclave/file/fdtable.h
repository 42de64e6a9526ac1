/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The descriptor table of a process: which file each number 0..FD_LIMIT-1 names, and which numbers
 * close at exec. A set bit and a non-NULL slot always go together; each slot holds a reference.
 * The process owns its table.
 */
#ifndef ENCLAVE_FILE_FDTABLE_H
#define ENCLAVE_FILE_FDTABLE_H

#include "enclave/file/fd.h"
#include "enclave/file/file.h"

struct fdtable;

/* An empty table. ENOMEM. */
MUST err fdtable_new(struct fdtable **out);
/* Closes everything. NULL is fine. */
void fdtable_free(struct fdtable *t);
/* What exec does: closes the numbers marked so. */
void fdtable_exec(struct fdtable *t);

/* The file of a number, with a reference for the caller. EBADF. */
MUST err fd_lookup(struct fdtable *t, fd_t fd, struct file **out);
/* Gives `f` the lowest free number >= least; takes a reference of its own. EMFILE; EINVAL if
 * least is out of range. */
MUST err fd_install(struct fdtable *t, struct file *f, int least, bool cloexec, int *out);
/* dup2: `fd` names f from now on; what it named before is closed. EBADF if out of range. */
MUST err fd_replace(struct fdtable *t, fd_t fd, struct file *f, bool cloexec);
MUST err fd_close(struct fdtable *t, fd_t fd);
MUST err fd_cloexec(struct fdtable *t, fd_t fd, bool *out);
MUST err fd_set_cloexec(struct fdtable *t, fd_t fd, bool on);
/* The first open number >= from, or -1. */
int fd_next(struct fdtable *t, int from);

#endif
