/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sizes below 3 KiB go to the slab cache of the smallest class that leaves a byte for the guard
 * pattern: four classes for each doubling, multiples of 16. Larger ones are runs of whole pages;
 * the tail of their last page holds the guard pattern, and their size lies in the page map.
 */
#include "base/heap.h"

#include "base/asan.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pages.h"
#include "base/slab.h"

#define LARGE_MAX (UINT64_C(1) << 40)

/* From here on blocks are whole pages. */
#define LARGE_FROM 3072
static const uint16_t g_sizes[] = {32,   48,   64,   80,   96,   112,  128, 160, 192,
                                   224,  256,  320,  384,  448,  512,  640, 768, 896,
                                   1024, 1280, 1536, 1792, 2048, 2560, 3072};

static struct slab_cache g_classes[COUNT_OF(g_sizes)];
/* The class of every multiple of 16 up to the largest. */
static uint8_t g_class_of[LARGE_FROM / 16 + 1];
static struct heap_count g_large; /* atomic */

void heap_init(const struct page_source *source) {
    size_t class = 0;

    pages_init(source);
    for (size_t i = 0; i < COUNT_OF(g_sizes); i++)
        slab_cache_init(&g_classes[i], g_sizes[i], false);
    for (size_t i = 0; i < COUNT_OF(g_class_of); i++) {
        class += g_sizes[class] < i * 16 ? 1 : 0;
        g_class_of[i] = (uint8_t)class;
    }
}

static size_t pages_of(size_t size) {
    return (size + HEAP_PAGE - 1) / HEAP_PAGE;
}

static span tail_of(void *block, size_t size) {
    return span_of((uint8_t *)block + size, pages_of(size) * HEAP_PAGE - size);
}

static void *large_alloc(size_t size) {
    if (size > LARGE_MAX || pages_injected_failure())
        return NULL;
    void *block = pages_get(pages_of(size));
    if (block == NULL)
        return NULL;
    if (failed(page_set_owner(block, (struct page_owner){.kind = PAGE_LARGE, .size = size}))) {
        pages_put(block, pages_of(size));
        return NULL;
    }
    span tail = tail_of(block, size);
    mem_fill(tail.p, HEAP_GUARD_BYTE, tail.n);
    asan_poison(tail.p, tail.n);
    __atomic_add_fetch(&g_large.blocks, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&g_large.bytes, size, __ATOMIC_RELAXED);
    return block;
}

static bool is_page_start(const void *p) {
    return is_aligned((uintptr_t)p, HEAP_PAGE);
}

static void large_free(void *block, struct page_owner owner) {
    span tail = tail_of(block, owner.size);

    if (!is_page_start(block))
        trap(TRAP_BAD_FREE);
    if (!page_change_owner(block, owner, (struct page_owner){.kind = PAGE_FREED}))
        trap(TRAP_DOUBLE_FREE);
    asan_unpoison(tail.p, tail.n);
    if (!mem_is(tail.p, HEAP_GUARD_BYTE, tail.n))
        trap(TRAP_GUARD_WRITE);
    mem_zero(block, owner.size + tail.n);
    __atomic_sub_fetch(&g_large.blocks, 1, __ATOMIC_RELAXED);
    __atomic_sub_fetch(&g_large.bytes, owner.size, __ATOMIC_RELAXED);
    pages_put(block, pages_of(owner.size));
}

void *heap_alloc(size_t size) {
    if (size >= LARGE_FROM)
        return large_alloc(size);
    return slab_alloc(&g_classes[g_class_of[size / 16 + 1]], size);
}

/* A slab of the heap's own: a block of a typed pool is freed by its pool only. */
static bool is_heap_slab(const struct slab *s) {
    uintptr_t off = wrap_sub((uintptr_t)slab_cache_of(s), (uintptr_t)g_classes);

    return off < sizeof(g_classes);
}

void heap_free(void *block) {
    if (block == NULL)
        return;
    struct page_owner owner = page_owner(block);
    switch (owner.kind) {
    case PAGE_SLAB:
        if (!is_heap_slab(owner.slab))
            trap(TRAP_BAD_FREE);
        slab_free(owner.slab, block);
        return;
    case PAGE_LARGE:
        large_free(block, owner);
        return;
    case PAGE_FREED:
        trap(TRAP_DOUBLE_FREE);
    case PAGE_NOT_OURS:
        trap(TRAP_BAD_FREE);
    }
}

size_t heap_size(const void *block) {
    struct page_owner owner = page_owner(block);

    if (owner.kind == PAGE_SLAB)
        return slab_block_size(owner.slab, block);
    if (owner.kind != PAGE_LARGE || !is_page_start(block))
        trap(TRAP_BAD_FREE);
    return owner.size;
}

struct heap_count heap_count(void) {
    struct heap_count sum = {
        .blocks = __atomic_load_n(&g_large.blocks, __ATOMIC_RELAXED),
        .bytes = __atomic_load_n(&g_large.bytes, __ATOMIC_RELAXED),
    };

    for (size_t i = 0; i < COUNT_OF(g_classes); i++) {
        spin_lock(&g_classes[i].lock);
        sum.blocks += g_classes[i].live_blocks;
        sum.bytes += g_classes[i].live_bytes;
        spin_unlock(&g_classes[i].lock);
    }
    return sum;
}

void heap_fail_at(uint64_t n) {
    pages_fail_at(n);
}
