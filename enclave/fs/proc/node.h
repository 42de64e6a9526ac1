/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The inodes of /proc; private to enclave/fs/proc.
 */
#ifndef ENCLAVE_FS_PROC_NODE_H
#define ENCLAVE_FS_PROC_NODE_H

#include "enclave/fs/proc/row.h"

struct proc_fs {
    struct fs fs;
    const struct proc_source *source;
};

struct proc_inode {
    struct inode inode;
    const struct proc_row *row; /* of a directory: its first row */
    size_t prefix;              /* directories: bytes of row->path up to and with the '/' */
    struct file *file;          /* entries of fd/: counted */
};

static inline struct proc_inode *proc_inode_of(struct inode *i) {
    return CONTAINER_OF(i, struct proc_inode, inode);
}

static inline const struct proc_source *proc_source_of(struct inode *i) {
    return CONTAINER_OF(i->fs, struct proc_fs, fs)->source;
}

/* An inode with one reference. ENOMEM. */
MUST err proc_inode_new(struct fs *fs, const struct inode_ops *ops, uint32_t mode,
                        const struct proc_row *row, struct proc_inode **out);
void proc_inode_free(struct inode *i);
MUST err proc_stat(struct inode *i, struct file_attr *out);

/* PID/fd: one link per open descriptor. */
extern const struct inode_ops proc_fd_dir_ops;

#endif
