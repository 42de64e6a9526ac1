/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes of files: read and write in all their forms, position, size, sync.
 */
#include "base/heap.h"
#include "base/trap.h"
#include "enclave/signal/signal.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define RW_MAX        0x7ffff000u /* as Linux: one call moves no more */
#define SENDFILE_SIZE 32768u

static size_t clamp(size_t len) {
    return min_u64(len, RW_MAX);
}

/* Writing where nobody reads kills a program that did not ask for the errno. */
static err broken_pipe(struct task *t, err e) {
    if (e.no == EPIPE)
        signal_send_self(t, SIGPIPE);
    return e;
}

err sys_read(struct task *t, int64_t *ret, fd_t fd, u_out buf, size_t len) {
    OWNED(file_put_p) struct file *f = NULL;
    struct user_iovec slot;
    struct uio u;
    size_t done;

    TRY(task_file(t, fd, &f));
    uio_user(&u, &slot, buf, clamp(len));
    TRY(file_read(f, &u, &done));
    *ret = (int64_t)done;
    return OK;
}

err sys_write(struct task *t, int64_t *ret, fd_t fd, u_in buf, size_t len) {
    OWNED(file_put_p) struct file *f = NULL;
    struct user_iovec slot;
    struct uio u;
    size_t done;

    TRY(task_file(t, fd, &f));
    uio_user(&u, &slot, buf, clamp(len));
    TRY(broken_pipe(t, file_write(f, &u, &done)));
    *ret = (int64_t)done;
    return OK;
}

err sys_pread64(struct task *t, int64_t *ret, fd_t fd, u_out buf, size_t len, file_off off) {
    OWNED(file_put_p) struct file *f = NULL;
    struct user_iovec slot;
    struct uio u;
    size_t done;

    if (off < 0)
        return ERR(EINVAL);
    TRY(task_file(t, fd, &f));
    uio_user(&u, &slot, buf, clamp(len));
    TRY(file_pread(f, &u, (uint64_t)off, &done));
    *ret = (int64_t)done;
    return OK;
}

err sys_pwrite64(struct task *t, int64_t *ret, fd_t fd, u_in buf, size_t len, file_off off) {
    OWNED(file_put_p) struct file *f = NULL;
    struct user_iovec slot;
    struct uio u;
    size_t done;

    if (off < 0)
        return ERR(EINVAL);
    TRY(task_file(t, fd, &f));
    uio_user(&u, &slot, buf, clamp(len));
    TRY(file_pwrite(f, &u, (uint64_t)off, &done));
    *ret = (int64_t)done;
    return OK;
}

/* An iovec array, copied in. */
struct vector {
    span bytes; /* owned */
    size_t total;
};

static void vector_fini(struct vector *v) {
    heap_free(v->bytes.p);
}

static err vector_get(struct vector *v, uaddr vec, size_t count) {
    uint64_t total = 0;

    if (count > IOV_MAX)
        return ERR(EINVAL);
    v->bytes =
        span_of(heap_alloc(count * sizeof(struct user_iovec)), count * sizeof(struct user_iovec));
    if (v->bytes.p == NULL)
        return ERR(ENOMEM);
    TRY(user_read(v->bytes, vec));
    for (size_t i = 0; i < count; i++) {
        struct user_iovec iov;

        CHECK(cspan_read(SPAN_OF(iov), span_c(v->bytes), i * sizeof(iov)));
        if (iov.len > INT64_MAX || !add_ok(&total, total, iov.len) || total > INT64_MAX)
            return ERR(EINVAL);
    }
    v->total = clamp(total);
    return OK;
}

struct transfer {
    bool is_write, has_off;
    uint64_t off;
};

static err transfer_do(struct file *f, struct uio *u, const struct transfer *x, size_t *done) {
    if (x->has_off)
        return x->is_write ? file_pwrite(f, u, x->off, done) : file_pread(f, u, x->off, done);
    return x->is_write ? file_write(f, u, done) : file_read(f, u, done);
}

/* What the four vector calls share. */
static err vector_transfer(struct task *t, fd_t fd, uaddr vec, size_t count,
                           const struct transfer *x, int64_t *ret) {
    OWNED(file_put_p) struct file *f = NULL;
    OWNED(vector_fini) struct vector v = {0};
    struct uio u;
    size_t done;

    if (x->has_off && x->off > INT64_MAX)
        return ERR(EINVAL);
    TRY(task_file(t, fd, &f));
    TRY(vector_get(&v, vec, count));
    uio_user_vec(&u, span_c(v.bytes), v.total);
    TRY(broken_pipe(t, transfer_do(f, &u, x, &done)));
    *ret = (int64_t)done;
    return OK;
}

err sys_readv(struct task *t, int64_t *ret, fd_t fd, u_in vec, size_t count) {
    const struct transfer x = {0};

    return vector_transfer(t, fd, vec, count, &x, ret);
}

err sys_writev(struct task *t, int64_t *ret, fd_t fd, u_in vec, size_t count) {
    const struct transfer x = {.is_write = true};

    return vector_transfer(t, fd, vec, count, &x, ret);
}

/* On x86-64 the low argument is the whole offset. */
err sys_preadv(struct task *t, int64_t *ret, fd_t fd, u_in vec, size_t count, uint64_t off_low,
               uint64_t off_high) {
    const struct transfer x = {.has_off = true, .off = off_low};

    return vector_transfer(t, fd, vec, count, &x, ret);
}

err sys_pwritev(struct task *t, int64_t *ret, fd_t fd, u_in vec, size_t count, uint64_t off_low,
                uint64_t off_high) {
    const struct transfer x = {.is_write = true, .has_off = true, .off = off_low};

    return vector_transfer(t, fd, vec, count, &x, ret);
}

err sys_lseek(struct task *t, int64_t *ret, fd_t fd, file_off off, seek_whence whence) {
    OWNED(file_put_p) struct file *f = NULL;
    uint64_t pos;

    TRY(task_file(t, fd, &f));
    TRY(file_seek(f, off, whence, &pos));
    *ret = (int64_t)pos;
    return OK;
}

/* One buffer from `in` at off to `out`; *moved is what arrived there. */
static err send_piece(struct file *out, struct file *in, span buf, uint64_t off, size_t *moved) {
    struct uio u;
    size_t n;

    TRY(file_pread_span(in, buf, off, &n));
    *moved = 0;
    while (*moved < n) {
        size_t done;
        span rest;

        CHECK(span_sub(&rest, buf, *moved, n - *moved));
        uio_kernel(&u, rest);
        TRY(file_write(out, &u, &done));
        *moved += done;
        if (done == 0)
            return OK;
    }
    return OK;
}

static err send(struct file *out, struct file *in, uint64_t *off, size_t len, size_t *total) {
    OWNED(heap_free_p) void *block = heap_alloc(SENDFILE_SIZE);

    if (block == NULL)
        return ERR(ENOMEM);
    while (*total < len) {
        size_t want = min_u64(len - *total, SENDFILE_SIZE);
        size_t moved = 0;
        err e = send_piece(out, in, span_of(block, want), *off, &moved);

        *total += moved;
        *off += moved;
        if (failed(e))
            return *total > 0 ? OK : e;
        if (moved < want)
            break;
    }
    return OK;
}

err sys_sendfile(struct task *t, int64_t *ret, fd_t out, fd_t in, u_ptr off, size_t len) {
    OWNED(file_put_p) struct file *to = NULL;
    OWNED(file_put_p) struct file *from = NULL;
    uint64_t at;
    size_t total = 0;

    TRY(task_file(t, in, &from));
    TRY(task_file(t, out, &to));
    if (!file_readable(from) || !file_writable(to))
        return ERR(EBADF);
    if (!from->ops->seekable || (to->flags & O_APPEND) != 0)
        return ERR(EINVAL);
    at = from->pos;
    if (!uaddr_is_null(off))
        TRY(user_get(&at, off));
    if (at > INT64_MAX)
        return ERR(EINVAL);
    TRY(broken_pipe(t, send(to, from, &at, clamp(len), &total)));
    if (uaddr_is_null(off))
        from->pos = at;
    else
        TRY(user_put(off, &at));
    *ret = (int64_t)total;
    return OK;
}

err sys_fsync(struct task *t, int64_t *ret, fd_t fd) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_file(t, fd, &f));
    return file_sync(f);
}

err sys_fdatasync(struct task *t, int64_t *ret, fd_t fd) {
    return sys_fsync(t, ret, fd);
}

err sys_sync(struct task *t, int64_t *ret) {
    return vfs_sync();
}

err sys_syncfs(struct task *t, int64_t *ret, fd_t fd) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_real_file(t, fd, &f));
    return vfs_sync();
}

err sys_ftruncate(struct task *t, int64_t *ret, fd_t fd, file_off size) {
    const struct file_change c = {.what = CHANGE_SIZE, .size = (uint64_t)size};
    OWNED(file_put_p) struct file *f = NULL;

    if (size < 0)
        return ERR(EINVAL);
    TRY(task_real_file(t, fd, &f));
    if (!file_writable(f))
        return ERR(EINVAL);
    return file_change(f, &c);
}

/* Only the plain form: the file grows if it is shorter. Blocks are made when written. */
err sys_fallocate(struct task *t, int64_t *ret, fd_t fd, int mode, file_off off, file_off len) {
    OWNED(file_put_p) struct file *f = NULL;
    struct file_change c = {.what = CHANGE_SIZE};
    struct file_attr attr;
    int64_t end;

    if (off < 0 || len <= 0)
        return ERR(EINVAL);
    if (mode != 0)
        return ERR(EOPNOTSUPP);
    TRY(task_real_file(t, fd, &f));
    if (!file_writable(f))
        return ERR(EBADF);
    if (!add_ok(&end, off, len))
        return ERR(EFBIG);
    TRY(file_stat(f, &attr));
    if (!mode_is(attr.mode, S_IFREG))
        return ERR(mode_is(attr.mode, S_IFIFO) ? ESPIPE : ENODEV);
    c.size = (uint64_t)end;
    return c.size > attr.size ? file_change(f, &c) : OK;
}

/* Hints: the descriptor is checked, the hint not needed. */
err sys_readahead(struct task *t, int64_t *ret, fd_t fd, file_off off, size_t len) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_file(t, fd, &f));
    if (!file_readable(f))
        return ERR(EBADF);
    return f->ops->seekable ? OK : ERR(EINVAL);
}

err sys_fadvise64(struct task *t, int64_t *ret, fd_t fd, file_off off, size_t len, int advice) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_real_file(t, fd, &f));
    if (!f->ops->seekable)
        return ERR(ESPIPE);
    return advice < 0 || advice > 5 ? ERR(EINVAL) : OK;
}
