/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Changes of the tree. Each walks to the parent, judges the last name as Linux does, asks the file
 * system for the change, and when that is done brings the dentries in line, which cannot fail.
 * Where a dentry must be made for a new name, failing to get memory for it is no harm: the name is
 * found by lookup later.
 */
#include "enclave/fs/vfs/vfs.h"

#include "base/heap.h"

/* The directory and name of a change. */
struct spot {
    struct dentry *dir; /* counted */
    struct path_last last;
};

static void spot_fini(struct spot *s) {
    dentry_put(s->dir);
}

static struct inode *spot_dir(const struct spot *s) {
    return s->dir->inode;
}

/* Where a new name goes. EEXIST before EROFS, as Linux. A final slash is for directories only. */
static err spot_for_new(const struct path_at *at, bool is_dir, struct spot *s) {
    OWNED(dentry_put_p) struct dentry *found = NULL;
    err e;

    TRY(path_parent(at, &s->dir, &s->last));
    if (s->last.kind != LAST_NAME)
        return ERR(EEXIST);
    e = dentry_lookup(s->dir, last_name(&s->last), &found);
    if (!failed(e))
        return ERR(EEXIST);
    if (e.no != ENOENT)
        return e;
    if (s->last.slash && !is_dir)
        return ERR(ENOENT);
    if (s->dir->removed)
        return ERR(ENOENT);
    return inode_check_writable(spot_dir(s));
}

err vfs_mkdir(const struct path_at *at, uint32_t mode) {
    OWNED(spot_fini) struct spot s = {0};
    OWNED(inode_put_p) struct inode *made = NULL;
    const struct inode_ops *ops;

    TRY(spot_for_new(at, true, &s));
    ops = spot_dir(&s)->ops;
    if (ops->create == NULL)
        return ERR(EPERM);
    mode = S_IFDIR | (mode & 01777 & ~at->fs->umask);
    return ops->create(spot_dir(&s), last_name(&s.last), mode, &made);
}

err vfs_symlink(cspan target, const struct path_at *at) {
    OWNED(spot_fini) struct spot s = {0};
    OWNED(inode_put_p) struct inode *made = NULL;
    const struct inode_ops *ops;

    if (target.n == 0)
        return ERR(ENOENT);
    TRY(spot_for_new(at, false, &s));
    ops = spot_dir(&s)->ops;
    if (ops->symlink == NULL)
        return ERR(EPERM);
    return ops->symlink(spot_dir(&s), last_name(&s.last), target, &made);
}

err vfs_link(struct dentry *old, const struct path_at *at) {
    OWNED(spot_fini) struct spot s = {0};
    const struct inode_ops *ops;

    TRY(spot_for_new(at, false, &s));
    if (spot_dir(&s)->fs != old->inode->fs)
        return ERR(EXDEV);
    ops = spot_dir(&s)->ops;
    if (inode_is(old->inode, S_IFDIR) || ops->link == NULL)
        return ERR(EPERM);
    return ops->link(spot_dir(&s), last_name(&s.last), old->inode);
}

/* The dentry of an existing name that is about to go or to move. */
static err spot_existing(struct spot *s, struct dentry **out) {
    TRY(inode_check_writable(spot_dir(s)));
    return dentry_lookup(s->dir, last_name(&s->last), out);
}

static err check_rmdir_name(const struct path_last *last) {
    switch (last->kind) {
    case LAST_NAME:
        return OK;
    case LAST_DOT:
        return ERR(EINVAL);
    case LAST_DOTDOT:
        return ERR(ENOTEMPTY);
    case LAST_NONE:
        return ERR(EBUSY);
    }
    return ERR(EBUSY);
}

static err remove_name(const struct spot *s, struct dentry *d) {
    const struct inode_ops *ops = spot_dir(s)->ops;

    if (d->mounted != NULL)
        return ERR(EBUSY);
    if (ops->unlink == NULL)
        return ERR(EPERM);
    TRY(ops->unlink(spot_dir(s), last_name(&s->last), d->inode));
    /* commit */
    dentry_remove(d);
    return OK;
}

err vfs_rmdir(const struct path_at *at) {
    OWNED(spot_fini) struct spot s = {0};
    OWNED(dentry_put_p) struct dentry *d = NULL;

    TRY(path_parent(at, &s.dir, &s.last));
    TRY(check_rmdir_name(&s.last));
    TRY(spot_existing(&s, &d));
    if (!inode_is(d->inode, S_IFDIR))
        return ERR(ENOTDIR);
    return remove_name(&s, d);
}

err vfs_unlink(const struct path_at *at) {
    OWNED(spot_fini) struct spot s = {0};
    OWNED(dentry_put_p) struct dentry *d = NULL;

    TRY(path_parent(at, &s.dir, &s.last));
    if (s.last.kind != LAST_NAME)
        return ERR(EISDIR);
    TRY(spot_existing(&s, &d));
    if (inode_is(d->inode, S_IFDIR))
        return ERR(EISDIR);
    if (s.last.slash)
        return ERR(ENOTDIR);
    return remove_name(&s, d);
}

/* Source and target of a rename; `replaced` is NULL if the target name is free. */
struct renaming {
    struct spot from, to;
    struct dentry *moved, *replaced; /* counted */
};

static void renaming_fini(struct renaming *r) {
    dentry_put(r->moved);
    dentry_put(r->replaced);
    spot_fini(&r->from);
    spot_fini(&r->to);
}

static err rename_find(struct renaming *r, uint32_t flags) {
    err e;

    if (spot_dir(&r->from)->fs != spot_dir(&r->to)->fs)
        return ERR(EXDEV);
    if (r->from.last.kind != LAST_NAME || r->to.last.kind != LAST_NAME)
        return ERR(EBUSY);
    TRY(spot_existing(&r->from, &r->moved));
    e = dentry_lookup(r->to.dir, last_name(&r->to.last), &r->replaced);
    if (failed(e) && e.no != ENOENT)
        return e;
    return r->replaced != NULL && (flags & RENAME_NOREPLACE) != 0 ? ERR(EEXIST) : OK;
}

static err rename_check(const struct renaming *r) {
    bool is_dir = inode_is(r->moved->inode, S_IFDIR);

    if (!is_dir && (r->from.last.slash || r->to.last.slash))
        return ERR(ENOTDIR);
    if (dentry_is_under(r->to.dir, r->moved))
        return ERR(EINVAL);
    if (r->replaced != NULL && dentry_is_under(r->from.dir, r->replaced))
        return ERR(ENOTEMPTY);
    if (r->to.dir->removed)
        return ERR(ENOENT);
    if (r->replaced != NULL && r->replaced->inode != r->moved->inode) {
        if (is_dir && !inode_is(r->replaced->inode, S_IFDIR))
            return ERR(ENOTDIR);
        if (!is_dir && inode_is(r->replaced->inode, S_IFDIR))
            return ERR(EISDIR);
    }
    if (r->moved->mounted != NULL || (r->replaced != NULL && r->replaced->mounted != NULL))
        return ERR(EBUSY);
    return OK;
}

static err rename_do(struct renaming *r) {
    const struct inode_ops *ops = spot_dir(&r->from)->ops;
    cspan to_name = last_name(&r->to.last);
    char *name;
    err e;

    if (r->replaced != NULL && r->replaced->inode == r->moved->inode)
        return OK; /* two names of one file: both stay */
    if (ops->rename == NULL)
        return ERR(EPERM);
    TRY(dentry_name_copy(to_name, &name));
    e = ops->rename(spot_dir(&r->from), last_name(&r->from.last), spot_dir(&r->to), to_name);
    if (failed(e)) {
        heap_free(name);
        return e;
    }
    /* commit */
    if (r->replaced != NULL)
        dentry_remove(r->replaced);
    dentry_move(r->moved, r->to.dir, name, to_name.n);
    return OK;
}

err vfs_rename(const struct path_at *from, const struct path_at *to, uint32_t flags) {
    OWNED(renaming_fini) struct renaming r = {0};

    if ((flags & ~RENAME_NOREPLACE) != 0)
        return ERR(EINVAL);
    TRY(path_parent(from, &r.from.dir, &r.from.last));
    TRY(path_parent(to, &r.to.dir, &r.to.last));
    TRY(rename_find(&r, flags));
    TRY(rename_check(&r));
    return rename_do(&r);
}
