/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Opening: from a path to a struct file. An ordinary open file is an inode with a position; it
 * remembers the dentry it was opened by, which makes it usable as the base of another path.
 */
#ifndef ENCLAVE_FS_VFS_OPEN_H
#define ENCLAVE_FS_VFS_OPEN_H

#include "enclave/fs/vfs/walk.h"

/* open(2): flags and mode as there; the umask of at->fs applies. Gives a reference. */
MUST err vfs_open(const struct path_at *at, uint32_t flags, uint32_t mode, struct file **out);
/* A program to start: a regular file with an x bit, else EACCES. Read-only. Gives a reference. */
MUST err vfs_open_exec(struct fs_context *fs, cspan path, struct file **out);
/* The dentry a file was opened by, borrowed; NULL for pipes and standard files. */
struct dentry *file_dentry(struct file *f);

#endif
