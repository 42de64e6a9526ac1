/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Searches go by words: `flip` turns clear bits into set ones, then the first set bit counts.
 */
#include "base/bits.h"

#include "base/num.h"

static size_t find(struct bits b, size_t from, uint64_t flip) {
    uint64_t mask = ~UINT64_C(0) << from % 64;

    for (size_t w = from / 64; w < BITS_WORDS(b.n); w++) {
        uint64_t found = (b.words[w] ^ flip) & mask;
        if (found != 0)
            return (size_t)min_u64(w * 64 + (size_t)__builtin_ctzll(found), b.n);
        mask = ~UINT64_C(0);
    }
    return b.n;
}

size_t bits_find_set(struct bits b, size_t from) {
    return find(b, from, 0);
}

size_t bits_find_clear(struct bits b, size_t from) {
    return find(b, from, ~UINT64_C(0));
}

size_t bits_find_clear_run(struct bits b, size_t from, size_t run) {
    size_t start = bits_find_clear(b, from);

    while (start < b.n) {
        size_t end = bits_find_set(b, start);
        if (end - start >= run)
            return start;
        start = bits_find_clear(b, end);
    }
    return b.n;
}

/* Bits behind the end of the last word don't count. */
size_t bits_count(struct bits b) {
    size_t n = 0;

    for (size_t i = bits_find_set(b, 0); i < b.n; i = bits_find_set(b, i + 1))
        n++;
    return n;
}
