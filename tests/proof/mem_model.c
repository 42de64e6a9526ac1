/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What base/mem.c does, in plain C, for Frama-C: the original copies and fills with string
 * instructions or compiler builtins, neither of which it reads. Byte by byte, so that every byte
 * read and written is checked, and an overlap would be seen as a wrong value.
 */
#include "base/mem.h"

void mem_copy(void *dst, const void *src, size_t n) {
    uint8_t *d = dst;
    const uint8_t *s = src;

    for (size_t i = 0; i < n; i++)
        d[i] = s[i];
}

void mem_zero(void *dst, size_t n) {
    uint8_t *d = dst;

    for (size_t i = 0; i < n; i++)
        d[i] = 0;
}

bool mem_equal(const void *a, const void *b, size_t n) {
    const uint8_t *x = a;
    const uint8_t *y = b;

    for (size_t i = 0; i < n; i++) {
        if (x[i] != y[i])
            return false;
    }
    return true;
}
