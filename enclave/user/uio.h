/* SPDX-License-Identifier: BSD-3-Clause
 *
 * uio: where the bytes of a read or write go, user memory (one range or an iovec array that was
 * already copied in) or kernel memory, so that file code is written once. It advances by itself.
 * The caller owns it, on its stack; it borrows the ranges.
 */
#ifndef ENCLAVE_USER_UIO_H
#define ENCLAVE_USER_UIO_H

#include "enclave/user/copy.h"

/* As struct iovec of Linux. */
struct user_iovec {
    uint64_t base, len;
};

struct uio {
    const struct user_iovec *user; /* NULL: kernel memory */
    size_t user_count;             /* ranges left, the first partly used */
    uint64_t user_off;             /* bytes used of the first range */
    span kernel;                   /* what is left of it */
    size_t left;                   /* bytes left in total */
};

/* One user range; `slot` is storage the caller keeps alive as long as the uio. */
void uio_user(struct uio *u, struct user_iovec *slot, uaddr base, size_t n);
/* `count` ranges, whose sum the caller has checked to fit a ssize_t. */
void uio_user_vec(struct uio *u, const struct user_iovec *vec, size_t count, size_t total);
void uio_kernel(struct uio *u, span s);

/* Moves min(u->left, src.n) bytes out to the reader; *done says how many. EFAULT only if none. */
MUST err uio_put(struct uio *u, cspan src, size_t *done);
/* Moves min(u->left, dst.n) bytes in from the writer; *done says how many. EFAULT only if none. */
MUST err uio_get(struct uio *u, span dst, size_t *done);

#endif
