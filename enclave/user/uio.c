/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A cursor over the bytes of one read or write. A fault after some bytes ends the transfer early
 * with what was moved, as Linux does; a fault on the first byte is EFAULT. Copies are whole ranges;
 * only one that faults is done again page by page, to find out how far it goes.
 */
#include "enclave/user/uio.h"

#include "abi/image/layout.h"

void uio_user(struct uio *u, struct user_iovec *slot, uaddr base, size_t n) {
    *slot = (struct user_iovec){base.va, n};
    uio_user_vec(u, cspan_of(slot, sizeof(*slot)), n);
}

void uio_user_vec(struct uio *u, cspan vec, size_t total) {
    *u = (struct uio){.is_user = true, .vec = vec, .left = total};
}

void uio_kernel(struct uio *u, span s) {
    *u = (struct uio){.kernel = s, .left = s.n};
}

/* The next contiguous user range, at most `want` bytes; false at the end. */
static bool next_range(struct uio *u, size_t want, uaddr *at, size_t *n) {
    struct user_iovec iov;

    while (cspan_read(SPAN_OF(iov), u->vec, u->index * sizeof(iov))) {
        if (u->off < iov.len) {
            *n = (size_t)min_u64(want, iov.len - u->off);
            return want > 0 && uaddr_add(at, UADDR(iov.base), u->off);
        }
        u->index++;
        u->off = 0;
    }
    return false;
}

static void advance(struct uio *u, size_t n) {
    u->off += n;
    u->left -= n;
}

/* The size of the piece of n bytes at `at` that lies in one page, `done` bytes into it. */
static bool page_piece(uaddr at, size_t done, size_t n, uaddr *from, size_t *size) {
    if (!uaddr_add(from, at, done))
        return false;
    *size = (size_t)min_u64(PAGE_SIZE - from->va % PAGE_SIZE, n - done);
    return true;
}

/* Both copy as much as can be reached and return how much that is. */
static size_t write_most(uaddr at, cspan src) {
    size_t size, done = 0;
    cspan part;
    uaddr from;

    if (!failed(user_write(at, src)))
        return src.n;
    while (done < src.n && page_piece(at, done, src.n, &from, &size) &&
           cspan_sub(&part, src, done, size) && !failed(user_write(from, part)))
        done += size;
    return done;
}

static size_t read_most(span dst, uaddr at) {
    size_t size, done = 0;
    uaddr from;
    span part;

    if (!failed(user_read(dst, at)))
        return dst.n;
    while (done < dst.n && page_piece(at, done, dst.n, &from, &size) &&
           span_sub(&part, dst, done, size) && !failed(user_read(part, from)))
        done += size;
    return done;
}

err uio_put(struct uio *u, cspan src, size_t *done) {
    size_t want = (size_t)min_u64(u->left, src.n);
    size_t n, moved = 0;
    uaddr at;

    if (!u->is_user) {
        cspan part;
        span rest;
        if (!cspan_sub(&part, src, 0, want) || !span_write(u->kernel, 0, part) ||
            !span_from(&rest, u->kernel, want))
            return ERR(EFAULT);
        u->kernel = rest;
        u->left -= want;
        *done = want;
        return OK;
    }
    while (moved < want && next_range(u, want - moved, &at, &n)) {
        cspan part;
        if (!cspan_sub(&part, src, moved, n))
            break;
        size_t got = write_most(at, part);
        advance(u, got);
        moved += got;
        if (got < n)
            break;
    }
    if (moved == 0 && want > 0)
        return ERR(EFAULT);
    *done = moved;
    return OK;
}

err uio_get(struct uio *u, span dst, size_t *done) {
    size_t want = (size_t)min_u64(u->left, dst.n);
    size_t n, moved = 0;
    uaddr at;

    if (!u->is_user) {
        span part, rest;
        if (!span_sub(&part, dst, 0, want) || !cspan_read(part, span_c(u->kernel), 0) ||
            !span_from(&rest, u->kernel, want))
            return ERR(EFAULT);
        u->kernel = rest;
        u->left -= want;
        *done = want;
        return OK;
    }
    while (moved < want && next_range(u, want - moved, &at, &n)) {
        span part;
        if (!span_sub(&part, dst, moved, n))
            break;
        size_t got = read_most(part, at);
        advance(u, got);
        moved += got;
        if (got < n)
            break;
    }
    if (moved == 0 && want > 0)
        return ERR(EFAULT);
    *done = moved;
    return OK;
}
