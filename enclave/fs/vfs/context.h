/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where a process stands in the tree: its root, its working directory, and the permission bits
 * that new files do not get. The process owns it.
 */
#ifndef ENCLAVE_FS_VFS_CONTEXT_H
#define ENCLAVE_FS_VFS_CONTEXT_H

#include "enclave/fs/vfs/dentry.h"

#define UMASK_DEFAULT 022u

struct fs_context {
    struct dentry *root, *cwd; /* counted */
    uint32_t umask;
};

/* A context at `root`. ENOMEM. */
MUST err fs_context_new(struct dentry *root, struct fs_context **out);
/* A copy, for a new process. ENOMEM. */
MUST err fs_context_copy(const struct fs_context *from, struct fs_context **out);
void fs_context_free(struct fs_context *c); /* NULL is fine */
void fs_context_chdir(struct fs_context *c, struct dentry *to);

#endif
