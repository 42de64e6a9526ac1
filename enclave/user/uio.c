/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A cursor over the bytes of one read or write. A fault after some bytes ends the transfer early
 * with what was moved, as Linux does; a fault on the first byte is EFAULT.
 */
#include "enclave/user/uio.h"

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
        if (!cspan_sub(&part, src, moved, n) || failed(user_write(at, part)))
            break;
        advance(u, n);
        moved += n;
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
        if (!span_sub(&part, dst, moved, n) || failed(user_read(part, at)))
            break;
        advance(u, n);
        moved += n;
    }
    if (moved == 0 && want > 0)
        return ERR(EFAULT);
    *done = moved;
    return OK;
}
