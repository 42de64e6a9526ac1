/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernel heap: blocks of 16 bytes to megabytes, zeroed when given out and zeroed again when
 * freed. Small sizes come from slabs with their bookkeeping outside the slab; large ones get pages
 * of their own, and a source may leave an unmapped page behind each run. free() checks that it was
 * handed the start of a live block: a second or wrong free traps (TRAP_DOUBLE_FREE,
 * TRAP_BAD_FREE), a write into a freed block traps when the block is reused (TRAP_FREED_WRITE),
 * one behind the end of a block when it is freed (TRAP_GUARD_WRITE; not behind a large block that
 * fills its last page). Objects whose life spans threads come from typed pools (base/pool.h), so
 * their memory never becomes another type. Any thread may call anything here; heap_alloc and
 * heap_free may fetch or return pages, so no spinlock may be held.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include "base/err.h"
#include "base/span.h"

/* Where the heap gets its pages, handed down at start (enclave/mm) or by a test. */
struct page_source {
    /* `count` contiguous zeroed 4 KiB pages below 2^48, or NULL. May block; no lock of the heap is
     * held. put() gets a whole run back, zeroed. */
    void *(*get)(size_t count);
    void (*put)(void *pages, size_t count);
};

void heap_init(const struct page_source *source);

/* Zeroed memory aligned to 16 bytes, or NULL. size 0 gives a block of the smallest size. */
MUST ALLOCATES(1) void *heap_alloc(size_t size);
/* NULL is fine. The block is zeroed. */
void heap_free(void *block);
/* The usable size asked for at allocation, in bytes. */
size_t heap_size(const void *block);
/* Live blocks and bytes: tests compare them before and after. */
struct heap_count {
    size_t blocks, bytes;
};
struct heap_count heap_count(void);

/* Tests: the n-th allocation from now on fails (1 = the next); 0 turns it off. */
void heap_fail_at(uint64_t n);

#define NEW(type) ((type *)heap_alloc(sizeof(type)))

/* For OWNED(heap_free_p). */
static inline void heap_free_p(void *pp) {
    heap_free(*(void **)pp);
}

#endif
