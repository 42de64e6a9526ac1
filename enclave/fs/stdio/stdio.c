/* SPDX-License-Identifier: BSD-3-Clause
 *
 * program memory <-> a bounce buffer of the heap <-> host call. The bounce copy is what keeps the
 * host from seeing, or changing, program memory; its size bounds one host call.
 */
#include "enclave/fs/stdio/stdio.h"

#include "base/heap.h"
#include "base/trap.h"
#include "enclave/fs/stdio/tty.h"
#include "enclave/host/call.h"
#include "enclave/sched/sched.h"
#include "enclave/time/clock.h"

#define BOUNCE_SIZE  32768u
#define HOST_LOOK_NS 1000000u /* 1 ms */

struct stdio {
    struct file file;
    uint32_t host_fd;
    uint32_t type; /* enum host_file_type at opening */
};

static const struct file_ops g_stdio_ops;

static struct stdio *stdio_of(struct file *f) {
    return CONTAINER_OF(f, struct stdio, file);
}

bool stdio_host_fd(const struct file *f, uint32_t *host_fd) {
    if (f->ops != &g_stdio_ops)
        return false;
    *host_fd = CONTAINER_OF(f, const struct stdio, file)->host_fd;
    return true;
}

bool stdio_is_tty(const struct file *f) {
    return f->ops == &g_stdio_ops &&
           CONTAINER_OF(f, const struct stdio, file)->type == HOST_FILE_TTY;
}

static err bounce_new(const struct uio *u, span *out) {
    size_t n = min_u64(u->left, BOUNCE_SIZE);

    *out = span_of(heap_alloc(n), n);
    return out->p != NULL ? OK : ERR(ENOMEM);
}

static void bounce_free(span *s) {
    heap_free(s->p);
}

/* With O_NONBLOCK: EAGAIN instead of a call that would wait. */
static err check_nonblock(struct file *f, uint32_t event) {
    uint64_t ready;

    if ((f->flags & O_NONBLOCK) == 0)
        return OK;
    TRY(host_poll(stdio_of(f)->host_fd, event, 0, &ready));
    return ready != 0 ? OK : ERR(EAGAIN);
}

/* A host call that waits would stop every task. With others about, this one looks, lets them run
 * and looks again; alone it may wait in the host. */
static err await_host(struct file *f, uint32_t event) {
    uint64_t ready = 0;

    while (sched_has_others()) {
        TRY(host_poll(stdio_of(f)->host_fd, event, 0, &ready));
        if (ready != 0)
            return OK;
        TRY(clock_sleep(HOST_LOOK_NS));
    }
    return OK;
}

static err stdio_read(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    OWNED(bounce_free) span bounce = {0};
    cspan got;
    size_t n;

    if (u->left == 0)
        return OK;
    TRY(check_nonblock(f, POLLIN));
    TRY(await_host(f, POLLIN));
    TRY(bounce_new(u, &bounce));
    TRY(host_read(stdio_of(f)->host_fd, bounce, &n));
    CHECK(cspan_sub(&got, span_c(bounce), 0, n));
    while (got.n > 0) {
        size_t moved;
        err e = uio_put(u, got, &moved);

        if (failed(e))
            return *done > 0 ? OK : e;
        *done += moved;
        CHECK(cspan_from(&got, got, moved));
    }
    return OK;
}

/* Writes all of `out` unless the host stops in between; *done counts. */
static err write_all(uint32_t host_fd, cspan out, size_t *done) {
    while (out.n > 0) {
        size_t n;

        TRY(host_write(host_fd, out, &n));
        *done += n;
        if (n == 0)
            return ERR(EIO);
        CHECK(cspan_from(&out, out, n));
    }
    return OK;
}

static err stdio_write(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    OWNED(bounce_free) span bounce = {0};

    TRY(check_nonblock(f, POLLOUT));
    TRY(await_host(f, POLLOUT));
    TRY(bounce_new(u, &bounce));
    while (u->left > 0) {
        cspan out;
        size_t n;
        err e = uio_get(u, bounce, &n);

        if (!failed(e)) {
            CHECK(cspan_sub(&out, span_c(bounce), 0, n));
            e = write_all(stdio_of(f)->host_fd, out, done);
        }
        if (failed(e))
            return *done > 0 ? OK : e;
    }
    return OK;
}

static uint32_t mode_of(uint32_t type) {
    switch (type) {
    case HOST_FILE_REGULAR:
        return S_IFREG | 0600;
    case HOST_FILE_PIPE:
        return S_IFIFO | 0600;
    default:
        return S_IFCHR | 0620;
    }
}

static err stdio_stat(struct file *f, struct file_attr *out) {
    struct stdio *s = stdio_of(f);
    struct host_stat st;

    TRY(host_fstat(s->host_fd, &st));
    if (s->type == HOST_FILE_REGULAR && st.size > INT64_MAX)
        return ERR(EIO); /* st_size is signed: the program would see a negative one */
    out->mode = mode_of(s->type);
    out->ino = s->type == HOST_FILE_TTY ? STDIO_TTY_INO : STDIO_TTY_INO + 1 + s->host_fd;
    out->rdev = s->type == HOST_FILE_TTY ? STDIO_TTY_RDEV : 0;
    out->nlink = 1;
    out->blksize = s->type == HOST_FILE_TTY ? 1024 : 4096;
    if (s->type == HOST_FILE_REGULAR) {
        out->size = st.size;
        out->blocks = st.size / 512 + (st.size % 512 != 0);
    }
    return OK;
}

static err stdio_usage(struct file *f, struct fs_usage *out) {
    out->magic = PIPEFS_MAGIC;
    out->block_size = 4096;
    return OK;
}

static err stdio_poll(struct file *f, uint32_t events, uint32_t *ready) {
    uint64_t answer;

    TRY(host_poll(stdio_of(f)->host_fd, events, 0, &answer));
    *ready = (uint32_t)answer & (events | POLLERR | POLLHUP);
    return OK;
}

static err stdio_ioctl(struct file *f, uint32_t cmd, uaddr arg, int64_t *ret) {
    struct stdio *s = stdio_of(f);

    if (s->type != HOST_FILE_TTY)
        return ERR(ENOTTY);
    return tty_ioctl(s->host_fd, cmd, arg);
}

/* A sync of the host's file is the host's affair; it is no error to ask. */
static err stdio_sync(struct file *f) {
    return stdio_of(f)->type == HOST_FILE_REGULAR ? OK : ERR(EINVAL);
}

static void stdio_free(struct file *f) {
    heap_free(stdio_of(f));
}

static const struct file_ops g_stdio_ops = {
    .kind = "stdio",
    .read = stdio_read,
    .write = stdio_write,
    .stat = stdio_stat,
    .usage = stdio_usage,
    .poll = stdio_poll,
    .ioctl = stdio_ioctl,
    .sync = stdio_sync,
    .free = stdio_free,
};

err stdio_open(uint32_t host_fd, struct file **out) {
    struct host_stat st;
    struct stdio *s;

    TRY(host_fstat(host_fd, &st));
    if (st.type == HOST_FILE_CLOSED || st.type > HOST_FILE_OTHER ||
        (st.flags & O_ACCMODE) == O_ACCMODE)
        return ERR(ENXIO);
    s = NEW(struct stdio);
    if (s == NULL)
        return ERR(ENOMEM);
    file_init(&s->file, &g_stdio_ops, st.flags & O_ACCMODE);
    s->host_fd = host_fd;
    s->type = st.type;
    *out = &s->file;
    return OK;
}

err stdio_open_tty(struct file **out) {
    for (uint32_t fd = 0; fd < STDIO_FILES; fd++) {
        struct file *f;

        if (failed(stdio_open(fd, &f)))
            continue;
        if (stdio_is_tty(f)) {
            *out = f;
            return OK;
        }
        file_put(f);
    }
    return ERR(ENXIO);
}

err stdio_install(struct fdtable *files) {
    for (int no = 0; no < STDIO_FILES; no++) {
        struct file *f;
        err e = stdio_open((uint32_t)no, &f);

        if (e.no == ENOMEM)
            return e;
        if (failed(e))
            continue;
        e = fd_replace(files, FD(no), f, false);
        file_put(f);
        TRY(e);
    }
    return OK;
}
