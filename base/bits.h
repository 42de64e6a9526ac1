/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A view of a bitmap that lies elsewhere: words in an array of its owner. Numbers outside it trap.
 *
 *     uint64_t words[BITS_WORDS(1000)] = {0};
 *     struct bits b = bits_of(words, 1000);
 *     size_t free = bits_find_clear(b, 0);     // 1000 if there is none
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include "base/trap.h"

struct bits {
    uint64_t *words;
    size_t n;
};

#define BITS_WORDS(n) (((n) + 63) / 64)

static inline struct bits bits_of(uint64_t *words, size_t n) {
    return (struct bits){words, n};
}

static inline bool bits_test(struct bits b, size_t i) {
    CHECK(i < b.n);
    return (b.words[i / 64] >> i % 64 & 1) != 0;
}

static inline void bits_set(struct bits b, size_t i) {
    CHECK(i < b.n);
    b.words[i / 64] |= UINT64_C(1) << i % 64;
}

static inline void bits_clear(struct bits b, size_t i) {
    CHECK(i < b.n);
    b.words[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* The first set or clear bit at `from` or behind it; b.n if there is none. */
size_t bits_find_set(struct bits b, size_t from);
size_t bits_find_clear(struct bits b, size_t from);
/* The first of `run` clear bits in a row, at `from` or behind it; b.n if there are none. */
size_t bits_find_clear_run(struct bits b, size_t from, size_t run);
/* How many are set. */
size_t bits_count(struct bits b);

#endif
