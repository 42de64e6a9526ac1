/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The mount table: which file system lies where. The first one is the root. A mount point that
 * the directory below does not have is made up, so that a sparse image still gets its /proc; it
 * can be reached by name, but a listing of the directory does not show it.
 */
#ifndef ENCLAVE_FS_VFS_MOUNT_H
#define ENCLAVE_FS_VFS_MOUNT_H

#include "enclave/fs/vfs/context.h"

#define MOUNTS_MAX 32

struct mount {
    struct fs *fs;       /* owned */
    struct dentry *root; /* counted */
};

/* Makes `fs` the root of the tree and gives a context that stands there. Takes fs, also on
 * failure. */
MUST err vfs_mount_root(struct fs *fs, struct fs_context **out);
/* Lays `fs` over the directory at `path`, an absolute path. Takes fs, also on failure. */
MUST err vfs_mount(struct fs_context *c, cspan path, struct fs *fs);
/* Takes the whole tree down. No context, file or dentry is held any more. */
void vfs_stop(void);

/* The mounts in order of mounting, for /proc/mounts: NULL behind the last. Borrowed. */
const struct mount *mount_at(size_t index);
/* Writes all file systems out. */
MUST err vfs_sync(void);

#endif
