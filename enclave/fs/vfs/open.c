/* SPDX-License-Identifier: BSD-3-Clause
 *
 * open = walk to the last name; look it up or make it; check what the flags want of it; build the
 * file. The checks are in Linux's order: EEXIST, ELOOP, ENOTDIR, EISDIR, EROFS, then truncation,
 * which is the first change.
 */
#include "enclave/fs/vfs/open.h"

#include "base/heap.h"
#include "enclave/fs/vfs/opened.h"

struct open_how {
    uint32_t flags, mode;
    bool created;
};

static bool wants_write(uint32_t flags) {
    return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
}

/* The last name does not exist: make it. */
static err create(struct walk *w, const struct open_how *how, struct dentry **out) {
    OWNED(inode_put_p) struct inode *i = NULL;
    struct inode *dir = w->at->inode;

    if (w->last.kind != LAST_NAME || w->last.slash)
        return ERR(EISDIR);
    if (w->at->removed)
        return ERR(ENOENT);
    TRY(inode_check_writable(dir));
    if (dir->ops->create == NULL)
        return ERR(EACCES);
    TRY(dir->ops->create(dir, last_name(&w->last), S_IFREG | how->mode, &i));
    return dentry_add(w->at, last_name(&w->last), i, out);
}

static err find_or_create(struct walk *w, struct open_how *how, struct dentry **out) {
    err e;

    if ((how->flags & O_CREAT) != 0 && w->last.kind == LAST_NAME && w->last.slash)
        return ERR(EISDIR);
    e = walk_last(w, out);
    if (e.no == ENOENT && (how->flags & O_CREAT) != 0) {
        how->created = true;
        return create(w, how, out);
    }
    TRY(e);
    return OK;
}

/* Is the last name a symlink that this open follows? */
static bool follows(const struct walk *w, const struct dentry *d, const struct open_how *how) {
    if (!inode_is(d->inode, S_IFLNK) || w->last.kind == LAST_NONE)
        return false;
    if ((how->flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return false;
    return (how->flags & O_NOFOLLOW) == 0 || w->last.slash;
}

static err find(struct walk *w, struct open_how *how, struct dentry **out) {
    OWNED(dentry_put_p) struct dentry *d = NULL;

    for (;;) {
        TRY(walk_parent(w));
        TRY(find_or_create(w, how, &d));
        if (!follows(w, d, how))
            break;
        TRY(walk_follow(w, d));
        dentry_put(GIVE(d));
    }
    if (w->last.slash && !inode_is(d->inode, S_IFDIR))
        return ERR(ENOTDIR);
    *out = GIVE(d);
    return OK;
}

static err check(const struct dentry *d, const struct open_how *how) {
    const struct inode *i = d->inode;
    uint32_t flags = how->flags;

    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL) && !how->created)
        return ERR(EEXIST);
    if ((flags & O_CREAT) != 0 && inode_is(i, S_IFDIR))
        return ERR(EISDIR);
    if ((flags & O_DIRECTORY) != 0 && !inode_is(i, S_IFDIR))
        return ERR(ENOTDIR);
    if ((flags & O_PATH) != 0)
        return OK;
    if (inode_is(i, S_IFLNK))
        return ERR(ELOOP);
    if (inode_is(i, S_IFSOCK))
        return ERR(ENXIO);
    if (wants_write(flags) && inode_is(i, S_IFDIR))
        return ERR(EISDIR);
    return wants_write(flags) ? inode_check_writable(i) : OK;
}

static err truncate(struct dentry *d, const struct open_how *how) {
    const struct file_change to_zero = {.what = CHANGE_SIZE};

    if ((how->flags & O_TRUNC) == 0 || how->created || !inode_is(d->inode, S_IFREG))
        return OK;
    return inode_change(d->inode, &to_zero);
}

static err finish(struct dentry *d, const struct open_how *how, struct file **out) {
    TRY(check(d, how));
    if ((how->flags & O_PATH) == 0) {
        TRY(truncate(d, how));
        if (d->inode->ops->open != NULL)
            return d->inode->ops->open(d->inode, how->flags, out);
    }
    return opened_new(d, how->flags, out);
}

/* Flags that O_PATH leaves, and the bits that no file keeps. */
static uint32_t clean_flags(uint32_t flags) {
    if ((flags & O_PATH) != 0)
        flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW;
    return flags & ~(O_CLOEXEC | O_NOCTTY);
}

err vfs_open(const struct path_at *at, uint32_t flags, uint32_t mode, struct file **out) {
    struct open_how how = {.flags = clean_flags(flags), .mode = mode & 07777 & ~at->fs->umask};
    OWNED(dentry_put_p) struct dentry *d = NULL;
    struct walk w;
    err e;

    if ((how.flags & O_TMPFILE) == O_TMPFILE)
        return ERR(EOPNOTSUPP);
    if ((how.flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
        return ERR(EINVAL);
    e = walk_begin(&w, at, 0);
    if (!failed(e))
        e = find(&w, &how, &d);
    walk_end(&w);
    TRY(e);
    return finish(d, &how, out);
}

err vfs_open_exec(struct fs_context *fs, cspan path, struct file **out) {
    const struct path_at at = {.fs = fs, .path = path};
    OWNED(dentry_put_p) struct dentry *d = NULL;

    TRY(path_lookup(&at, WALK_FOLLOW, &d));
    if (!inode_is(d->inode, S_IFREG) || (d->inode->mode & 0111) == 0)
        return ERR(EACCES);
    return opened_new(d, O_RDONLY, out);
}
