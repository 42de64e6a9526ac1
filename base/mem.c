/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes of our own. The string instructions are as fast as vector code on every CPU that has SGX2
 * (FSRM) and leave the program's vector registers alone. The names memcpy, memset, memmove and
 * memcmp exist because compilers emit calls to them; a hosted build has libc's.
 */
#include "base/mem.h"

#include "base/num.h"

void mem_copy(void *dst, const void *src, size_t n) {
#ifdef TWIN
    __builtin_memcpy(dst, src, n);
#else
    __asm__ volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(n)::"memory");
#endif
}

void mem_move(void *dst, const void *src, size_t n) {
    if (wrap_sub((uintptr_t)dst, (uintptr_t)src) >= n) {
        mem_copy(dst, src, n);
        return;
    }
    uint8_t *d = dst;
    const uint8_t *s = src;
    for (; n > 0; n--)
        d[n - 1] = s[n - 1];
}

void mem_fill(void *dst, uint8_t c, size_t n) {
#ifdef TWIN
    __builtin_memset(dst, c, n);
#else
    __asm__ volatile("rep stosb" : "+D"(dst), "+c"(n) : "a"(c) : "memory");
#endif
}

void mem_zero(void *dst, size_t n) {
    mem_fill(dst, 0, n);
}

void mem_wipe(void *dst, size_t n) {
    mem_fill(dst, 0, n);
    __asm__ volatile("" ::"r"(dst) : "memory");
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

bool mem_is(const void *p, uint8_t c, size_t n) {
    const uint8_t *x = p;

    for (size_t i = 0; i < n; i++) {
        if (x[i] != c)
            return false;
    }
    return true;
}

bool mem_is_zero(const void *p, size_t n) {
    typedef uint64_t __attribute__((may_alias, aligned(1))) word;
    const uint8_t *x = p;
    size_t i = 0;

    for (; i + sizeof(word) <= n; i += sizeof(word)) {
        if (*(const word *)(const void *)(x + i) != 0)
            return false;
    }
    return mem_is(x + i, 0, n - i);
}

size_t str_len(const char *s, size_t max) {
    size_t n = 0;

    while (n < max && s[n] != '\0')
        n++;
    return n;
}

bool str_equal(const char *a, const char *b) {
    size_t i = 0;

    while (a[i] != '\0' && a[i] == b[i])
        i++;
    return a[i] == b[i];
}

#ifndef TWIN
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

void *memcpy(void *dst, const void *src, size_t n) {
    mem_copy(dst, src, n);
    return dst;
}

void *memmove(void *dst, const void *src, size_t n) {
    mem_move(dst, src, n);
    return dst;
}

void *memset(void *dst, int c, size_t n) {
    mem_fill(dst, (uint8_t)c, n);
    return dst;
}

int memcmp(const void *a, const void *b, size_t n) {
    const uint8_t *x = a;
    const uint8_t *y = b;

    for (size_t i = 0; i < n; i++) {
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    }
    return 0;
}
#endif
