/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Checked numbers. Every size, offset or count that came from outside goes through these; the
 * result is written only if it is exact. All return true on success.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/compiler.h"

#define add_ok(out, a, b) (!__builtin_add_overflow((a), (b), (out)))
#define sub_ok(out, a, b) (!__builtin_sub_overflow((a), (b), (out)))
#define mul_ok(out, a, b) (!__builtin_mul_overflow((a), (b), (out)))

/* Does [off, off + len) lie inside [0, limit)? Empty ranges up to and including `limit` do. */
MUST static inline bool range_ok(uint64_t off, uint64_t len, uint64_t limit) {
    return len <= limit && off <= limit - len;
}

/* The smallest multiple of `align` (a power of two) that is >= v. */
MUST static inline bool align_up_ok(uint64_t *out, uint64_t v, uint64_t align) {
    uint64_t sum;

    if (!add_ok(&sum, v, align - 1))
        return false;
    *out = sum & ~(align - 1);
    return true;
}

static inline uint64_t align_down(uint64_t v, uint64_t align) {
    return v & ~(align - 1);
}

static inline bool is_aligned(uint64_t v, uint64_t align) {
    return (v & (align - 1)) == 0;
}

static inline bool is_pow2(uint64_t v) {
    return v != 0 && (v & (v - 1)) == 0;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* Wrap-around that is meant: hashes, sequence numbers, two's complement tricks. */
NO_SANITIZE_WRAP static inline uint64_t wrap_add(uint64_t a, uint64_t b) {
    return a + b;
}

NO_SANITIZE_WRAP static inline uint64_t wrap_sub(uint64_t a, uint64_t b) {
    return a - b;
}

NO_SANITIZE_WRAP static inline uint64_t wrap_mul(uint64_t a, uint64_t b) {
    return a * b;
}

#endif
