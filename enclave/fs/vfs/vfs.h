/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The virtual file system: one tree of names over several file systems.
 *
 *   inode.h    a file without its name, and the operations a file system gives it
 *   dentry.h   a name in the tree
 *   walk.h     from a path to a dentry
 *   open.h     from a path to an open file
 *   context.h  where a process stands: root, working directory, umask
 *   mount.h    which file system lies where; start and stop
 *
 * This header has the rest: changes of the tree and questions about paths. What a function takes
 * is a struct path_at; errors are Linux's, in Linux's order. Nothing here knows processes or user
 * memory.
 */
#ifndef ENCLAVE_FS_VFS_VFS_H
#define ENCLAVE_FS_VFS_VFS_H

#include "enclave/fs/vfs/mount.h"
#include "enclave/fs/vfs/open.h"

struct fdtable;
struct proc_source;

/* From the measured configuration, and what /proc asks. */
struct vfs_setup {
    uint64_t data_blocks, tree_blocks; /* of the root image */
    uint8_t root_hash[32];
    const struct proc_source *proc; /* enclave/fs/proc/proc.h */
};

/* Brings the tree up for the first process: the root image read-only at /, devices, /proc, /tmp
 * and /dev/shm; a context at / and a table with the open standard files. The caller owns both.
 * Errors are fatal: nothing is taken back. (enclave/fs/start.c) */
MUST err vfs_start(const struct vfs_setup *setup, struct fs_context **fs, struct fdtable **files);

MUST err vfs_mkdir(const struct path_at *at, uint32_t mode);
MUST err vfs_rmdir(const struct path_at *at);
MUST err vfs_unlink(const struct path_at *at);
MUST err vfs_symlink(cspan target, const struct path_at *at);
/* `old` is what the new name stands for, looked up by the caller. */
MUST err vfs_link(struct dentry *old, const struct path_at *at);
/* flags: RENAME_NOREPLACE */
MUST err vfs_rename(const struct path_at *from, const struct path_at *to, uint32_t flags);

/* The target of a symlink, cut to buf; EINVAL if it is none. */
MUST err vfs_readlink(struct dentry *d, span buf, size_t *n);
/* access(2) for a user who is root: R and W always, X if the mode has one. mode: R_OK W_OK X_OK */
MUST err vfs_access(struct dentry *d, uint32_t mode);
/* The path of the working directory or of any dentry. ENOENT if it was removed. */
MUST err vfs_path(struct fs_context *fs, struct dentry *d, span buf, size_t *n);

#endif
