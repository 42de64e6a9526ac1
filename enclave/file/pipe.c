/* SPDX-License-Identifier: BSD-3-Clause
 *
 *            head                tail = head + used
 *              v                   v
 *      [ free | used bytes ....... | free ]      indices are taken modulo PIPE_SIZE
 *
 * A reader waits while the ring is empty and a writer exists; a writer waits while there is no
 * room and a reader exists. Both wait on one queue, and every change wakes it.
 */
#include "enclave/file/pipe.h"

#include "base/heap.h"
#include "base/trap.h"
#include "enclave/sched/wait.h"

struct pipe {
    struct wait_queue changed; /* bytes or room came, or the other end closed */
    span ring;                 /* owned */
    size_t head, used;
    bool has_reader, has_writer;
    uint64_t ino;
};

struct pipe_end {
    struct file file;
    struct pipe *pipe; /* owned by the last end */
    bool writes;
};

static const struct file_ops g_read_end, g_write_end;

static struct pipe_end *end_of(struct file *f) {
    return CONTAINER_OF(f, struct pipe_end, file);
}

static err pipe_wait(struct file *f) {
    if ((f->flags & O_NONBLOCK) != 0)
        return ERR(EAGAIN);
    return wait_on(&end_of(f)->pipe->changed, NO_DEADLINE);
}

static void pipe_changed(struct pipe *p) {
    wake_all(&p->changed);
    wake_all(&wait_pollers);
}

/* The longest piece of the ring from `at` on without wrapping, at most n bytes. */
static span ring_piece(const struct pipe *p, size_t at, size_t n) {
    span piece;

    at %= PIPE_SIZE;
    CHECK(span_sub(&piece, p->ring, at, min_u64(n, PIPE_SIZE - at)));
    return piece;
}

/* Moves what is there, without waiting. */
static err take(struct pipe *p, struct uio *u, size_t *done) {
    while (u->left > 0 && p->used > 0) {
        size_t moved;
        err e = uio_put(u, span_c(ring_piece(p, p->head, p->used)), &moved);

        if (failed(e))
            return *done > 0 ? OK : e;
        p->head = (p->head + moved) % PIPE_SIZE;
        p->used -= moved;
        *done += moved;
        pipe_changed(p);
    }
    return OK;
}

static err pipe_read(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    struct pipe *p = end_of(f)->pipe;

    while (u->left > 0 && p->used == 0) {
        if (!p->has_writer)
            return OK;
        TRY(pipe_wait(f));
    }
    return take(p, u, done);
}

static err put(struct pipe *p, struct uio *u, size_t *done) {
    while (u->left > 0 && p->used < PIPE_SIZE) {
        size_t moved;
        err e = uio_get(u, ring_piece(p, p->head + p->used, PIPE_SIZE - p->used), &moved);

        if (failed(e))
            return *done > 0 ? OK : e;
        p->used += moved;
        *done += moved;
        pipe_changed(p);
    }
    return OK;
}

/* Up to PIPE_ATOMIC bytes go in one piece; more go as room comes, all of them unless O_NONBLOCK. */
static err pipe_write(struct file *f, struct uio *u, uint64_t off, size_t *done) {
    struct pipe *p = end_of(f)->pipe;
    size_t piece = u->left <= PIPE_ATOMIC ? u->left : 1;

    while (u->left > 0) {
        if (!p->has_reader)
            return *done > 0 ? OK : ERR(EPIPE);
        if (PIPE_SIZE - p->used >= piece) {
            size_t before = *done;
            TRY(put(p, u, done));
            if (*done == before)
                return OK; /* user memory ended */
            continue;
        }
        err e = pipe_wait(f);
        if (failed(e))
            return *done > 0 ? OK : e;
    }
    return OK;
}

static err pipe_stat(struct file *f, struct file_attr *out) {
    const struct pipe *p = end_of(f)->pipe;

    out->ino = p->ino;
    out->mode = S_IFIFO | 0600;
    out->nlink = 1;
    out->blksize = PIPE_ATOMIC;
    return OK;
}

static err pipe_usage(struct file *f, struct fs_usage *out) {
    out->magic = PIPEFS_MAGIC;
    out->block_size = PIPE_ATOMIC;
    return OK;
}

static err pipe_poll(struct file *f, uint32_t events, uint32_t *ready) {
    const struct pipe_end *end = end_of(f);
    const struct pipe *p = end->pipe;
    uint32_t now = 0;

    if (end->writes) {
        now |= PIPE_SIZE - p->used >= PIPE_ATOMIC ? POLLOUT : 0;
        now |= p->has_reader ? 0 : POLLERR;
    } else {
        now |= p->used > 0 ? POLLIN : 0;
        now |= p->has_writer ? 0 : POLLHUP;
    }
    *ready = now & (events | POLLERR | POLLHUP);
    return OK;
}

static err pipe_ioctl(struct file *f, uint32_t cmd, uaddr arg, int64_t *ret) {
    int used = (int)end_of(f)->pipe->used;

    if (cmd != FIONREAD)
        return ERR(ENOTTY);
    return user_put(arg, &used);
}

static void pipe_free(struct file *f) {
    struct pipe_end *end = end_of(f);
    struct pipe *p = end->pipe;

    if (end->writes)
        p->has_writer = false;
    else
        p->has_reader = false;
    pipe_changed(p);
    if (!p->has_writer && !p->has_reader) {
        heap_free(p->ring.p);
        heap_free(p);
    }
    heap_free(end);
}

static const struct file_ops g_read_end = {
    .kind = "pipe",
    .read = pipe_read,
    .stat = pipe_stat,
    .usage = pipe_usage,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .free = pipe_free,
};

static const struct file_ops g_write_end = {
    .kind = "pipe",
    .write = pipe_write,
    .stat = pipe_stat,
    .usage = pipe_usage,
    .poll = pipe_poll,
    .ioctl = pipe_ioctl,
    .free = pipe_free,
};

static struct pipe_end *end_new(struct pipe *p, bool writes, uint32_t flags) {
    struct pipe_end *end = NEW(struct pipe_end);

    if (end == NULL)
        return NULL;
    file_init(&end->file, writes ? &g_write_end : &g_read_end,
              flags | (writes ? O_WRONLY : O_RDONLY));
    end->pipe = p;
    end->writes = writes;
    return end;
}

err pipe_open(uint32_t flags, struct file **reader, struct file **writer) {
    static uint64_t last_ino;
    struct pipe *p = NEW(struct pipe);
    void *ring = heap_alloc(PIPE_SIZE);
    struct pipe_end *r = end_new(p, false, flags & O_NONBLOCK);
    struct pipe_end *w = end_new(p, true, flags & O_NONBLOCK);

    if (p == NULL || ring == NULL || r == NULL || w == NULL) {
        heap_free(w);
        heap_free(r);
        heap_free(ring);
        heap_free(p);
        return ERR(ENOMEM);
    }
    p->ring = span_of(ring, PIPE_SIZE);
    wait_init(&p->changed);
    p->has_reader = p->has_writer = true;
    p->ino = __atomic_add_fetch(&last_ino, 1, __ATOMIC_RELAXED);
    *reader = &r->file;
    *writer = &w->file;
    return OK;
}
