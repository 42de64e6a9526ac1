/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Addresses that are not ours. A uaddr belongs to the program that runs inside, a haddr to the
 * untrusted host. Neither can be dereferenced: bytes move only through enclave/user/copy.h and
 * enclave/host/buf.h, which check the range, copy once, and leave the checked copy.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/num.h"

typedef struct {
    uint64_t va;
} uaddr;

typedef struct {
    uint64_t va;
} haddr;

#define UADDR(v) ((uaddr){(v)})
#define HADDR(v) ((haddr){(v)})

MUST static inline bool uaddr_add(uaddr *out, uaddr a, uint64_t n) {
    return add_ok(&out->va, a.va, n);
}

static inline bool uaddr_is_null(uaddr a) {
    return a.va == 0;
}

#endif
