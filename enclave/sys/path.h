/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Descriptors and paths of a call's arguments, turned into objects. Both are OWNED locals of the
 * handlers:
 *
 *   OWNED(user_path_fini) struct user_path p = {0};
 *   TRY(user_path(&p, t, dir, path));
 *   TRY(path_lookup(&p.at, WALK_FOLLOW, &d));
 */
#ifndef ENCLAVE_SYS_PATH_H
#define ENCLAVE_SYS_PATH_H

#include "enclave/fs/vfs/vfs.h"
#include "enclave/sched/task.h"
#include "enclave/sys/args.h"

struct user_path {
    struct path_at at;
    struct file *base; /* counted: keeps at.base alive; NULL: the working directory */
    char *text;        /* owned */
};

/* Copies the path in and finds the directory it starts from. EFAULT, ENAMETOOLONG; ENOENT for "";
 * EBADF or ENOTDIR if it is relative and `dir` is nothing to start from. */
MUST err user_path(struct user_path *p, struct task *t, fd_t dir, uaddr path);
/* The same, but "" stands for `dir` itself, which may be any file: then *itself is that file,
 * borrowed from p (NULL if dir is AT_FDCWD), and p->at.path is empty. */
MUST err user_path_or_file(struct user_path *p, struct task *t, fd_t dir, uaddr path,
                           struct file **itself);
void user_path_fini(struct user_path *p);

/* The file of a descriptor, with a reference. EBADF, also for O_PATH files with the second. */
MUST err task_file(struct task *t, fd_t fd, struct file **out);
MUST err task_real_file(struct task *t, fd_t fd, struct file **out);

#endif
