/* SPDX-License-Identifier: BSD-3-Clause
 *
 * struct file on one side, struct inode on the other: each file operation becomes the inode's, or
 * the errno that says this kind of inode has not got it. Directories add "." and ".." at the
 * positions 0 and 1; the file system's own positions follow, shifted by DOTS.
 */
#include "enclave/fs/vfs/opened.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/mem.h"
#include "enclave/fs/vfs/open.h"

#define DOTS 2u

struct opened {
    struct file file;
    struct dentry *dentry; /* counted */
};

static const struct file_ops g_opened_ops, g_device_ops;

static struct dentry *dentry_of(struct file *f) {
    return CONTAINER_OF(f, struct opened, file)->dentry;
}

static struct inode *inode_of(struct file *f) {
    return dentry_of(f)->inode;
}

struct dentry *file_dentry(struct file *f) {
    return f->ops == &g_opened_ops || f->ops == &g_device_ops ? dentry_of(f) : NULL;
}

/* A block that does not match its hash is worth a line: say whose it was. */
static err name_broken(struct file *f, err e) {
    span path = span_of(heap_alloc(PATH_MAX), PATH_MAX - 1);
    bool reached;
    size_t n;

    if (path.p != NULL && !failed(dentry_path(dentry_of(f), NULL, path, &n, &reached)))
        log_err("fs", "reading %s failed: %s", (const char *)path.p, err_name(e.no));
    heap_free(path.p);
    return e;
}

static err opened_read(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    struct inode *i = inode_of(f);
    err e;

    if (inode_is(i, S_IFDIR))
        return ERR(EISDIR);
    if (i->ops->read == NULL)
        return ERR(EINVAL);
    e = i->ops->read(i, u, off, done);
    return e.no == EIO ? name_broken(f, e) : e;
}

static err opened_write(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    struct inode *i = inode_of(f);
    struct file_attr attr;

    if (i->ops->write == NULL)
        return ERR(EINVAL);
    if ((f->flags & O_APPEND) != 0) {
        TRY(inode_stat(i, &attr));
        off = attr.size;
    }
    return i->ops->write(i, u, off, done);
}

static err opened_stat(struct file *f, struct file_attr *out) {
    return inode_stat(inode_of(f), out);
}

static err opened_usage(struct file *f, struct fs_usage *out) {
    struct fs *fs = inode_of(f)->fs;

    out->read_only = fs->read_only;
    return fs->ops->usage(fs, out);
}

static err opened_change(struct file *f, const struct file_change *c) {
    if ((c->what & CHANGE_SIZE) != 0 && !inode_is(inode_of(f), S_IFREG))
        return ERR(EINVAL);
    return inode_change(inode_of(f), c);
}

static void entry_name(struct dir_entry *out, cspan name) {
    mem_copy(out->name, name.p, name.n);
    out->name[name.n] = '\0';
    out->name_size = name.n;
}

/* "." at position 0, ".." at 1. */
static void dot_entry(struct dentry *d, uint64_t pos, struct dir_entry *out) {
    if (pos == 1 && d->parent == NULL && d->covers != NULL)
        d = d->covers;
    if (pos == 1 && d->parent != NULL)
        d = d->parent;
    entry_name(out, pos == 0 ? CSPAN_LIT(".") : CSPAN_LIT(".."));
    out->ino = d->inode->ino;
    out->mode = S_IFDIR;
    out->next = pos + 1;
}

static err opened_next(struct file *f, uint64_t pos, struct dir_entry *out, bool *found) {
    struct dentry *d = dentry_of(f);

    if (!inode_is(d->inode, S_IFDIR))
        return ERR(ENOTDIR);
    if (d->removed)
        return ERR(ENOENT);
    if (pos < DOTS) {
        dot_entry(d, pos, out);
        *found = true;
        return OK;
    }
    *found = false;
    if (d->inode->ops->next == NULL)
        return OK;
    TRY(d->inode->ops->next(d->inode, pos - DOTS, out, found));
    out->next += DOTS;
    return OK;
}

static err opened_ioctl(struct file *f, uint32_t cmd, uaddr arg, int64_t *ret) {
    struct inode *i = inode_of(f);

    return i->ops->ioctl != NULL ? i->ops->ioctl(i, cmd, arg, ret) : ERR(ENOTTY);
}

static void opened_free(struct file *f) {
    struct opened *o = CONTAINER_OF(f, struct opened, file);

    dentry_put(o->dentry);
    heap_free(o);
}

#define OPENED_COMMON                                                                              \
    .seekable = true, .read = opened_read, .write = opened_write, .stat = opened_stat,             \
    .usage = opened_usage, .change = opened_change, .ioctl = opened_ioctl, .free = opened_free

static const struct file_ops g_opened_ops = {.kind = "file", .next = opened_next, OPENED_COMMON};
static const struct file_ops g_device_ops = {.kind = "device", .is_device = true, OPENED_COMMON};

err opened_new(struct dentry *d, uint32_t flags, struct file **out) {
    const uint32_t keep = O_ACCMODE | O_APPEND | O_NONBLOCK | O_PATH | O_DIRECTORY | O_DSYNC |
                          O_SYNC | O_NOATIME | O_DIRECT | O_NOFOLLOW;
    struct opened *o = NEW(struct opened);

    if (o == NULL)
        return ERR(ENOMEM);
    file_init(&o->file, inode_is(d->inode, S_IFCHR) ? &g_device_ops : &g_opened_ops, flags & keep);
    o->dentry = dentry_get(d);
    *out = &o->file;
    return OK;
}
