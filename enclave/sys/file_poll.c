/* SPDX-License-Identifier: BSD-3-Clause
 *
 * poll, ppoll, select, pselect6: two ways to write down the same question. Signal masks are checked
 * and otherwise without effect, because no signal can arrive yet.
 */
#include "base/heap.h"
#include "base/trap.h"
#include "enclave/file/fdtable.h"
#include "enclave/proc/process.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"
#include "enclave/sys/poll.h"

#define NS_PER_S     1000000000ll
#define NS_PER_US    1000ll
#define NS_PER_MS    UINT64_C(1000000)
#define SIGSET_SIZE  8u
#define FD_SET_BYTES (FD_LIMIT / 8)

/* {seconds, fraction}: a timespec or timeval. NULL waits for ever. */
static err get_timeout(uaddr at, int64_t ns_per_unit, uint64_t *out) {
    int64_t t[2];
    int64_t ns;

    *out = POLL_FOREVER;
    if (uaddr_is_null(at))
        return OK;
    TRY(user_read(SPAN_OF(t), at));
    if (t[0] < 0 || t[1] < 0 || t[1] >= NS_PER_S / ns_per_unit)
        return ERR(EINVAL);
    if (mul_ok(&ns, t[0], NS_PER_S) && add_ok(&ns, ns, t[1] * ns_per_unit))
        *out = (uint64_t)ns;
    return OK;
}

static err check_mask(uaddr mask, size_t size) {
    uint64_t bits;

    if (uaddr_is_null(mask))
        return OK;
    if (size != SIGSET_SIZE)
        return ERR(EINVAL);
    return user_get(&bits, mask);
}

/* pollfd array -> set. A descriptor that is not open is ready with POLLNVAL. */
static void fill_poll(struct poll_set *s, cspan fds, struct fdtable *files) {
    for (size_t i = 0; i < s->count; i++) {
        struct poll_item *item = &s->items[i];
        struct linux_pollfd p;

        CHECK(cspan_read(SPAN_OF(p), fds, i * sizeof(p)));
        item->events = (uint16_t)p.events;
        if (p.fd >= 0 && failed(fd_lookup(files, FD(p.fd), &item->file)))
            item->ready = POLLNVAL;
    }
}

static void take_poll(const struct poll_set *s, span fds) {
    for (size_t i = 0; i < s->count; i++) {
        struct linux_pollfd p;

        CHECK(cspan_read(SPAN_OF(p), span_c(fds), i * sizeof(p)));
        p.revents = (int16_t)s->items[i].ready;
        CHECK(span_write(fds, i * sizeof(p), CSPAN_OF(p)));
    }
}

static err poll_ns(struct task *t, int64_t *ret, uaddr fds, uint32_t count, uint64_t timeout_ns) {
    OWNED(poll_set_fini) struct poll_set s = {0};
    OWNED(heap_free_p) void *block = NULL;
    size_t ready;
    span raw;

    TRY(poll_set_init(&s, count));
    raw = span_of(heap_alloc(count * sizeof(struct linux_pollfd)),
                  count * sizeof(struct linux_pollfd));
    block = raw.p;
    if (block == NULL)
        return ERR(ENOMEM);
    TRY(user_read(raw, fds));
    fill_poll(&s, span_c(raw), t->proc->files);
    TRY(poll_wait(&s, timeout_ns, &ready));
    take_poll(&s, raw);
    TRY(user_write(fds, span_c(raw)));
    *ret = (int64_t)ready;
    return OK;
}

err sys_poll(struct task *t, int64_t *ret, u_ptr fds, uint32_t count, int timeout_ms) {
    uint64_t ns = POLL_FOREVER;

    if (timeout_ms >= 0)
        ns = (uint64_t)timeout_ms * NS_PER_MS;
    return poll_ns(t, ret, fds, count, ns);
}

err sys_ppoll(struct task *t, int64_t *ret, u_ptr fds, uint32_t count, u_ptr timeout, u_in mask,
              size_t set_size) {
    uint64_t ns;

    TRY(get_timeout(timeout, 1, &ns));
    TRY(check_mask(mask, set_size));
    return poll_ns(t, ret, fds, count, ns);
}

/* The three bit sets of select, as words. */
enum { SET_IN, SET_OUT, SET_EX, SETS };

struct select {
    uaddr at[SETS];
    uint64_t want[SETS][FD_LIMIT / 64];
    uint64_t got[SETS][FD_LIMIT / 64];
    size_t count, bytes;
};

static bool has_bit(const uint64_t *set, size_t no) {
    return (set[no / 64] >> (no % 64) & 1) != 0;
}

static err get_sets(struct select *s) {
    for (int i = 0; i < SETS; i++) {
        span words;

        if (uaddr_is_null(s->at[i]))
            continue;
        CHECK(span_sub(&words, SPAN_OF(s->want[i]), 0, s->bytes));
        TRY(user_read(words, s->at[i]));
    }
    return OK;
}

static err fill_select(struct poll_set *p, const struct select *s, struct fdtable *files) {
    const uint32_t events[SETS] = {POLLIN, POLLOUT, POLLPRI};

    for (size_t no = 0; no < s->count; no++) {
        for (int i = 0; i < SETS; i++)
            p->items[no].events |= has_bit(s->want[i], no) ? events[i] : 0;
        if (p->items[no].events != 0)
            TRY(fd_lookup(files, FD((int)no), &p->items[no].file));
    }
    return OK;
}

/* Linux: errors and hang-ups make a file readable, errors make it writable. */
static int64_t take_select(const struct poll_set *p, struct select *s) {
    const uint32_t bits[SETS] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI};
    int64_t total = 0;

    for (size_t no = 0; no < s->count; no++) {
        for (int i = 0; i < SETS; i++) {
            if (!has_bit(s->want[i], no) || (p->items[no].ready & bits[i]) == 0)
                continue;
            s->got[i][no / 64] |= (uint64_t)1 << (no % 64);
            total++;
        }
    }
    return total;
}

static err put_sets(const struct select *s) {
    for (int i = 0; i < SETS; i++) {
        cspan words;

        if (uaddr_is_null(s->at[i]))
            continue;
        CHECK(cspan_sub(&words, CSPAN_OF(s->got[i]), 0, s->bytes));
        TRY(user_write(s->at[i], words));
    }
    return OK;
}

static err select_ns(struct task *t, int64_t *ret, struct select *s, uint64_t timeout_ns) {
    OWNED(poll_set_fini) struct poll_set p = {0};
    size_t ready;

    s->bytes = (s->count + 63) / 64 * 8;
    TRY(get_sets(s));
    TRY(poll_set_init(&p, s->count));
    TRY(fill_select(&p, s, t->proc->files));
    TRY(poll_wait(&p, timeout_ns, &ready));
    *ret = take_select(&p, s);
    return put_sets(s);
}

static err select_begin(struct select *s, int count) {
    if (count < 0)
        return ERR(EINVAL);
    s->count = min_u64((uint64_t)count, FD_LIMIT);
    return OK;
}

err sys_select(struct task *t, int64_t *ret, int count, u_ptr in, u_ptr out, u_ptr ex,
               u_ptr timeout) {
    struct select s = {.at = {in, out, ex}};
    uint64_t ns;

    TRY(select_begin(&s, count));
    TRY(get_timeout(timeout, NS_PER_US, &ns));
    return select_ns(t, ret, &s, ns);
}

/* `mask` points to {address of a signal set, its size}. */
err sys_pselect6(struct task *t, int64_t *ret, int count, u_ptr in, u_ptr out, u_ptr ex,
                 u_ptr timeout, u_in mask) {
    struct select s = {.at = {in, out, ex}};
    uint64_t pair[2] = {0, SIGSET_SIZE};
    uint64_t ns;

    TRY(select_begin(&s, count));
    TRY(get_timeout(timeout, 1, &ns));
    if (!uaddr_is_null(mask))
        TRY(user_read(SPAN_OF(pair), mask));
    TRY(check_mask(UADDR(pair[0]), pair[1]));
    return select_ns(t, ret, &s, ns);
}
