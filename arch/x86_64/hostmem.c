/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Host memory, word by word. The last word of a copy is assembled in a register, padded with
 * zeroes, so neither stale nor neighbouring bytes cross the boundary.
 */
#include "arch/x86_64/hostmem.h"

#include "abi/image/layout.h"
#include "base/mem.h"
#include "base/trap.h"

static volatile uint64_t *words(haddr at, size_t n) {
    uint64_t end;

    CHECK(is_aligned(at.va, 8) && at.va >= ELRANGE_SIZE && add_ok(&end, at.va, n));
    return (volatile uint64_t *)(uintptr_t)at.va;
}

void hostmem_put_u64(haddr at, uint64_t v) {
    *words(at, 8) = v;
}

uint64_t hostmem_get_u64(haddr at) {
    return *words(at, 8);
}

static void move_words(volatile void *dst, const volatile void *src, size_t count) {
    __asm__ volatile("rep movsq" : "+D"(dst), "+S"(src), "+c"(count)::"memory");
}

void hostmem_put(haddr at, cspan src) {
    volatile uint64_t *w = words(at, src.n);
    size_t whole = src.n / 8;
    uint64_t last = 0;

    move_words(w, src.p, whole);
    if (src.n % 8 != 0) {
        mem_copy(&last, src.p + 8 * whole, src.n % 8);
        w[whole] = last;
    }
}

void hostmem_get(span dst, haddr at) {
    volatile uint64_t *w = words(at, dst.n);
    size_t whole = dst.n / 8;

    move_words(dst.p, w, whole);
    if (dst.n % 8 != 0) {
        uint64_t last = w[whole];
        mem_copy(dst.p + 8 * whole, &last, dst.n % 8);
    }
}
