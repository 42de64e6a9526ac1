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
    bool is_user;
    cspan vec;    /* user: an array of struct user_iovec in kernel memory */
    size_t index; /* the range in use                                     */
    uint64_t off; /* bytes used of that range                             */
    span kernel;  /* kernel: what is left                                 */
    size_t left;  /* bytes left in total                                  */
};

/* One user range; `slot` is storage the caller keeps alive as long as the uio. */
void uio_user(struct uio *u, struct user_iovec *slot, uaddr base, size_t n);
/* `vec` holds an array of struct user_iovec whose lengths sum up to `total`, checked by the caller
 * to fit a ssize_t. */
void uio_user_vec(struct uio *u, cspan vec, size_t total);
void uio_kernel(struct uio *u, span s);

/* Moves min(u->left, src.n) bytes out to the reader; *done says how many. EFAULT only if none. */
MUST err uio_put(struct uio *u, cspan src, size_t *done);
/* Moves min(u->left, dst.n) bytes in from the writer; *done says how many. EFAULT only if none. */
MUST err uio_get(struct uio *u, span dst, size_t *done);

#endif
