/* SPDX-License-Identifier: BSD-3-Clause
 *
 * struct dentry: a name in the tree, and what it names. A dentry holds its parent and its inode,
 * so whoever holds a dentry can always say its path. Within a file system that keeps its names
 * (not is_volatile) there is at most one dentry per parent and name, found through a hash table;
 * a rename moves it, so that working directories follow. Dentries nobody holds stay in the table,
 * the oldest leave when there are more than DENTRY_UNUSED_MAX.
 *
 * A mounted file system covers a dentry: `mounted` of the mount point is the root of what lies on
 * it, `covers` leads back. Both ends of a mount are held for good.
 *
 * One task is in the file system at a time (the kernel has one vCPU so far); the table gets a lock
 * of its own with the second.
 */
#ifndef ENCLAVE_FS_VFS_DENTRY_H
#define ENCLAVE_FS_VFS_DENTRY_H

#include "enclave/fs/vfs/inode.h"

#define DENTRY_UNUSED_MAX 4096u

struct dentry {
    struct dentry *parent; /* counted; a root of a file system: NULL */
    struct inode *inode;   /* counted */
    char *name;            /* owned; "" for a root */
    size_t name_size;
    uint32_t refs;
    uint32_t hash;
    bool in_table;                   /* found by name */
    bool removed;                    /* its name was unlinked */
    struct dentry *mounted, *covers; /* counted */
    struct dentry *chain;            /* next in the bucket */
    struct dentry *older, *newer;    /* the unused list */
};

/* A dentry outside the table: the root of a file system. Takes a reference of the inode. */
MUST err dentry_new_root(struct inode *i, struct dentry **out);
struct dentry *dentry_get(struct dentry *d);
void dentry_put(struct dentry *d); /* NULL is fine */

static inline void dentry_put_p(struct dentry **d) {
    dentry_put(*d);
}

/* The entry `name` of dir, from the table or the file system, with a reference. ENOENT. */
MUST err dentry_lookup(struct dentry *dir, cspan name, struct dentry **out);
/* Enters a name that was just made. Takes a reference of the inode. */
MUST err dentry_add(struct dentry *dir, cspan name, struct inode *i, struct dentry **out);
/* The name is gone: no lookup finds the dentry again. */
void dentry_remove(struct dentry *d);
/* The dentry changes its place: room for the new name first, then the move that cannot fail. */
MUST err dentry_name_copy(cspan name, char **out);
void dentry_move(struct dentry *d, struct dentry *dir, char *name, size_t name_size);

/* The root of whatever is mounted on d at last, or d itself. Borrowed. */
struct dentry *dentry_top(struct dentry *d);
/* Is `d` inside of `dir`, or the same? Mounts count as inside. */
bool dentry_is_under(struct dentry *d, struct dentry *dir);
/* The dentry above: through mounts, but not above `root`. Borrowed. */
struct dentry *dentry_up(struct dentry *d, struct dentry *root);
/* The path from root in buf, absolute, without NUL. ENAMETOOLONG; *reached is false if d does not
 * lie under root. */
MUST err dentry_path(struct dentry *d, struct dentry *root, span buf, size_t *n, bool *reached);

/* Drops all unused dentries: for the end of a test, or when memory is short. */
void dentry_shrink(void);

#endif
