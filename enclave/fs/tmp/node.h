/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The inode of tmpfs; private to enclave/fs/tmp. A node is counted by its dentries and by its
 * names: each entry of a directory holds one reference. The root is held by struct fs.
 */
#ifndef ENCLAVE_FS_TMP_NODE_H
#define ENCLAVE_FS_TMP_NODE_H

#include "enclave/fs/tmp/tmp.h"

struct tmp_fs {
    struct fs fs;
    uint64_t blocks, max_blocks; /* data blocks in use, and how many there may be */
    uint64_t nodes, last_ino;
};

struct tmp_entry {
    struct tmp_entry *next;
    struct tmp_node *node; /* counted */
    uint64_t pos;          /* grows with each entry: a listing stays in order */
    char *name;            /* owned */
    size_t name_size;
};

/* Blocks of a regular file; NULL is a hole. */
struct tmp_data {
    uint64_t size;
    void **blocks; /* owned array of owned blocks */
    size_t room;
};

struct tmp_node {
    struct inode inode;
    uint32_t nlink, uid, gid;
    int64_t atime, mtime, ctime, btime;
    struct tmp_data data;    /* regular files */
    struct tmp_entry *first; /* directories: the newest entry first */
    uint64_t last_pos, entries;
    char *target; /* symlinks, owned */
    size_t target_size;
};

static inline struct tmp_node *node_of(struct inode *i) {
    return CONTAINER_OF(i, struct tmp_node, inode);
}

static inline struct tmp_fs *tmp_fs_of(struct inode *i) {
    return CONTAINER_OF(i->fs, struct tmp_fs, fs);
}

extern const struct inode_ops tmp_dir_ops, tmp_file_ops, tmp_link_ops;

/* A node without a name, with one reference for the caller. ENOMEM. */
MUST err tmp_node_new(struct tmp_fs *fs, uint32_t mode, struct tmp_node **out);
MUST err tmp_stat(struct inode *i, struct file_attr *out);
MUST err tmp_change(struct inode *i, const struct file_change *c);
void tmp_free(struct inode *i);
void tmp_touch(struct tmp_node *n); /* the content changed now */

MUST err tmp_resize(struct tmp_node *n, uint64_t size);
void tmp_data_free(struct tmp_node *n);

#endif
