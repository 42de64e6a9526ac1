/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Put before every file that Frama-C reads (-include). Frama-C 25 does not know the generic
 * overflow builtins of base/num.h, so they are spelled in C here; they stay exact as long as all
 * three numbers are 64 bits and unsigned, which the array of negative size checks at each use.
 */
#ifndef TESTS_PROOF_PRELUDE_H
#define TESTS_PROOF_PRELUDE_H

#include <stdint.h>

static inline int prelude_add_overflow(uint64_t a, uint64_t b, uint64_t *out) {
    *out = a + b;
    return *out < a;
}

static inline int prelude_sub_overflow(uint64_t a, uint64_t b, uint64_t *out) {
    *out = a - b;
    return b > a;
}

#define __builtin_add_overflow(a, b, out) prelude_add_overflow((a), (b), (out))
#define __builtin_sub_overflow(a, b, out) prelude_sub_overflow((a), (b), (out))

#endif
