/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What all files have in common: may this file be read, where does the position go, and which
 * errno stands for an operation that a kind of file has not. The order of checks is Linux's,
 * because programs see it: EBADF, then ESPIPE, then EINVAL, then the operation's own.
 */
#include "enclave/file/file.h"

#include "base/trap.h"

#define REFS_MAX 0x40000000u

void file_init(struct file *f, const struct file_ops *ops, uint32_t flags) {
    f->ops = ops;
    f->refs = 1;
    f->flags = flags;
    f->pos = 0;
}

struct file *file_get(struct file *f) {
    CHECK(f->refs > 0 && f->refs < REFS_MAX);
    f->refs++;
    return f;
}

void file_put(struct file *f) {
    if (f == NULL)
        return;
    CHECK(f->refs > 0);
    if (--f->refs == 0)
        f->ops->free(f);
}

bool file_readable(const struct file *f) {
    uint32_t mode = f->flags & O_ACCMODE;

    return (f->flags & O_PATH) == 0 && (mode == O_RDONLY || mode == O_RDWR);
}

bool file_writable(const struct file *f) {
    uint32_t mode = f->flags & O_ACCMODE;

    return (f->flags & O_PATH) == 0 && (mode == O_WRONLY || mode == O_RDWR);
}

/* A range of file positions must stay inside the positive half of off_t. */
static err check_range(uint64_t off, size_t n) {
    return range_ok(off, n, INT64_MAX) ? OK : ERR(EINVAL);
}

static err read_at(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    if (f->ops->read == NULL)
        return ERR(EINVAL);
    if (f->ops->seekable)
        TRY(check_range(off, u->left));
    *done = 0;
    return f->ops->read(f, u, off, done);
}

static err write_at(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    if (f->ops->write == NULL)
        return ERR(EINVAL);
    if (f->ops->seekable && (f->flags & O_APPEND) == 0)
        TRY(check_range(off, u->left));
    *done = 0;
    return f->ops->write(f, u, off, done);
}

err file_read(struct file *f, struct uio *u, size_t *done) {
    if (!file_readable(f))
        return ERR(EBADF);
    TRY(read_at(f, u, f->pos, done));
    if (f->ops->seekable && !f->ops->is_device)
        f->pos += *done;
    return OK;
}

err file_write(struct file *f, struct uio *u, size_t *done) {
    struct file_attr attr;

    if (!file_writable(f))
        return ERR(EBADF);
    TRY(write_at(f, u, f->pos, done));
    if (!f->ops->seekable || f->ops->is_device)
        return OK;
    f->pos += *done;
    if ((f->flags & O_APPEND) != 0 && *done > 0) {
        TRY(f->ops->stat(f, &attr));
        f->pos = attr.size;
    }
    return OK;
}

err file_pread(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    if (!f->ops->seekable && (f->flags & O_PATH) == 0)
        return ERR(ESPIPE);
    if (!file_readable(f))
        return ERR(EBADF);
    return read_at(f, u, off, done);
}

err file_pwrite(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    if (!f->ops->seekable && (f->flags & O_PATH) == 0)
        return ERR(ESPIPE);
    if (!file_writable(f))
        return ERR(EBADF);
    return write_at(f, u, off, done);
}

err file_pread_span(struct file *f, span dst, uint64_t off, size_t *done) {
    size_t total = 0;

    while (total < dst.n) {
        struct uio u;
        span rest;
        size_t n;

        CHECK(span_from(&rest, dst, total));
        uio_kernel(&u, rest);
        TRY(file_pread(f, &u, off + total, &n));
        if (n == 0)
            break;
        total += n;
    }
    *done = total;
    return OK;
}

/* SEEK_DATA and SEEK_HOLE as for a file without holes: all data, a hole behind the end. */
static err seek_extent(int whence, int64_t off, uint64_t size, int64_t *base) {
    if (off < 0 || (uint64_t)off >= size)
        return ERR(ENXIO);
    *base = whence == SEEK_HOLE ? (int64_t)size - off : 0;
    return OK;
}

static err seek_base(struct file *f, int64_t off, int whence, int64_t *base) {
    struct file_attr attr;

    switch (whence) {
    case SEEK_SET:
        *base = 0;
        return OK;
    case SEEK_CUR:
        *base = (int64_t)f->pos;
        return OK;
    case SEEK_END:
    case SEEK_DATA:
    case SEEK_HOLE:
        TRY(f->ops->stat(f, &attr));
        if (whence != SEEK_END)
            return seek_extent(whence, off, attr.size, base);
        *base = (int64_t)attr.size;
        return OK;
    default:
        return ERR(EINVAL);
    }
}

err file_seek(struct file *f, int64_t off, int whence, uint64_t *pos) {
    int64_t base;
    int64_t to;

    if ((f->flags & O_PATH) != 0)
        return ERR(EBADF);
    if (!f->ops->seekable)
        return ERR(ESPIPE);
    TRY(seek_base(f, off, whence, &base));
    if (!add_ok(&to, base, off) || to < 0)
        return ERR(EINVAL);
    f->pos = f->ops->is_device ? 0 : (uint64_t)to;
    *pos = f->pos;
    return OK;
}

err file_stat(struct file *f, struct file_attr *out) {
    *out = (struct file_attr){0};
    return f->ops->stat(f, out);
}

err file_usage(struct file *f, struct fs_usage *out) {
    *out = (struct fs_usage){0};
    if (f->ops->usage == NULL)
        return ERR(ENOSYS);
    return f->ops->usage(f, out);
}

err file_change(struct file *f, const struct file_change *c) {
    if (f->ops->change == NULL)
        return ERR((c->what & CHANGE_SIZE) != 0 ? EINVAL : EPERM);
    return f->ops->change(f, c);
}

err file_next(struct file *f, struct dir_entry *out, bool *found) {
    if ((f->flags & O_PATH) != 0)
        return ERR(EBADF);
    if (f->ops->next == NULL)
        return ERR(ENOTDIR);
    return f->ops->next(f, f->pos, out, found);
}

err file_poll(struct file *f, uint32_t events, uint32_t *ready) {
    if ((f->flags & O_PATH) != 0) {
        *ready = POLLNVAL;
        return OK;
    }
    if (f->ops->poll == NULL) {
        *ready = events & (POLLIN | POLLOUT);
        return OK;
    }
    return f->ops->poll(f, events, ready);
}

err file_ioctl(struct file *f, uint32_t cmd, uaddr arg, int64_t *ret) {
    if ((f->flags & O_PATH) != 0)
        return ERR(EBADF);
    if (f->ops->ioctl == NULL)
        return ERR(ENOTTY);
    return f->ops->ioctl(f, cmd, arg, ret);
}

err file_sync(struct file *f) {
    if ((f->flags & O_PATH) != 0)
        return ERR(EBADF);
    if (f->ops->sync == NULL)
        return f->ops->seekable && !f->ops->is_device ? OK : ERR(EINVAL);
    return f->ops->sync(f);
}
