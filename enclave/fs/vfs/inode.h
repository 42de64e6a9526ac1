/* SPDX-License-Identifier: BSD-3-Clause
 *
 * struct inode: one file, directory, symlink or device of a file system, without its name. A file
 * system embeds it in a struct of its own and gives it a const table of operations; the VFS adds
 * names (dentry.h), paths (walk.h) and open files (open.h).
 *
 * Inodes are counted: the dentry that names one holds a reference, and what a file system keeps in
 * memory (tmpfs) holds its own. The last inode_put calls ops->free.
 *
 * An operation that is NULL does not exist for the file system. The VFS has checked before each
 * call: `dir` is a directory, `name` is 1..NAME_MAX bytes, neither "." nor "..", without '/', and
 * the file system is writable for the operations that change it.
 */
#ifndef ENCLAVE_FS_VFS_INODE_H
#define ENCLAVE_FS_VFS_INODE_H

#include "enclave/file/file.h"

struct dentry;
struct inode;
struct fs;

struct inode_ops {
    /* The entry `name`, with a reference for the caller. ENOENT. */
    err (*lookup)(struct inode *dir, cspan name, struct inode **out);
    /* The first entry at or behind pos, without "." and "..". */
    err (*next)(struct inode *dir, uint64_t pos, struct dir_entry *out, bool *found);
    err (*stat)(struct inode *i, struct file_attr *out);
    err (*read)(struct inode *i, struct uio *u, uint64_t off, size_t *done);
    err (*write)(struct inode *i, struct uio *u, uint64_t off, size_t *done);
    err (*change)(struct inode *i, const struct file_change *c);
    /* The target of a symlink: at most buf.n bytes of it, *n says how many. */
    err (*readlink)(struct inode *i, span buf, size_t *n);
    /* A symlink that leads to an object and not to a path (/proc/self/fd/1). Gives a reference. */
    err (*jump)(struct inode *i, struct dentry **out);
    /* A file of the inode's own kind instead of an ordinary one. */
    err (*open)(struct inode *i, uint32_t flags, struct file **out);
    err (*ioctl)(struct inode *i, uint32_t cmd, uaddr arg, int64_t *ret);

    /* mode has the type: S_IFREG or S_IFDIR. The name does not exist. Gives a reference. */
    err (*create)(struct inode *dir, cspan name, uint32_t mode, struct inode **out);
    err (*symlink)(struct inode *dir, cspan name, cspan target, struct inode **out);
    err (*link)(struct inode *dir, cspan name, struct inode *i);
    /* Removes the name of `i`; a directory must be empty: ENOTEMPTY. */
    err (*unlink)(struct inode *dir, cspan name, struct inode *i);
    /* Moves `i`; `old` is what to_name names so far and is replaced, or NULL. */
    err (*rename)(struct inode *from, cspan from_name, struct inode *to, cspan to_name);

    void (*free)(struct inode *i);
};

struct inode {
    const struct inode_ops *ops;
    struct fs *fs; /* borrowed: a file system outlives its inodes */
    uint32_t refs;
    uint32_t mode; /* type and permissions; the file system keeps it current */
    uint64_t ino;
};

struct fs_ops {
    err (*usage)(struct fs *fs, struct fs_usage *out);
    /* Frees the file system; all its inodes but the root are gone. */
    void (*free)(struct fs *fs);
};

/* A file system. It is owned by the mount that uses it. */
struct fs {
    const struct fs_ops *ops;
    const char *type;   /* "tmpfs", as in /proc/mounts */
    struct inode *root; /* counted */
    uint64_t dev;       /* st_dev, set when it is mounted */
    bool read_only;
    bool is_volatile; /* names come and go by themselves (procfs): never cache them */
};

void inode_init(struct inode *i, const struct inode_ops *ops, struct fs *fs, uint64_t ino,
                uint32_t mode);
struct inode *inode_get(struct inode *i);
void inode_put(struct inode *i); /* NULL is fine */

static inline void inode_put_p(struct inode **i) {
    inode_put(*i);
}

static inline bool inode_is(const struct inode *i, uint32_t type) {
    return mode_is(i->mode, type);
}

/* Completes what the file system says with dev, ino and mode. */
MUST err inode_stat(struct inode *i, struct file_attr *out);
/* EROFS where Linux says it: a change of a file, directory or symlink of a read-only system. */
MUST err inode_check_writable(const struct inode *i);
MUST err inode_change(struct inode *i, const struct file_change *c);

/* CLOCK_REALTIME in nanoseconds, from the host; 0 if it does not answer. */
int64_t fs_now(void);

#endif
