/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Slots of one size, cut from slabs of a few pages. What is known about a slot (live? how many
 * bytes were asked for?) lies outside the slab, where an overflow of a slot cannot reach it. A free
 * slot is all zero; a live one has at least one byte behind the bytes asked for, filled with a
 * pattern. alloc and free check both. A slab hands out its slots round robin, so that a freed slot
 * rests before it is reused. The heap has one cache for each size class, a typed pool has one.
 */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include "base/list.h"
#include "base/lock.h"

#define SLAB_SLOTS_MAX 128

struct slab;

struct slab_cache {
    struct spinlock lock; /* leaf; guards all below and the slabs of this cache */
    bool keep_pages;      /* never gives pages back: memory stays of its type   */
    uint16_t slot_size;   /* multiple of 16                                     */
    uint16_t slots;       /* in each slab                                       */
    uint16_t pages;       /* of each slab                                       */
    uint16_t idle;        /* slabs without a live slot                          */
    struct list partial;  /* slabs with a free slot                             */
    size_t live_blocks, live_bytes;
};

/* The largest slot size; asked-for sizes must be smaller than their slot. */
#define SLAB_SIZE_MAX 16384

/* The least power of two of pages that gives 8 slots, and the slots it gives. */
#define SLAB_PAGES(size)                                                                           \
    ((size) <= 512    ? 1                                                                          \
     : (size) <= 1024 ? 2                                                                          \
     : (size) <= 2048 ? 4                                                                          \
     : (size) <= 4096 ? 8                                                                          \
     : (size) <= 8192 ? 16                                                                         \
                      : 32)
#define SLAB_SLOTS(size)                                                                           \
    (SLAB_PAGES(size) * 4096U / (size) > SLAB_SLOTS_MAX ? SLAB_SLOTS_MAX                           \
                                                        : SLAB_PAGES(size) * 4096U / (size))

/* For `static struct slab_cache c = SLAB_CACHE_INIT(c, size, keep)`. */
#define SLAB_CACHE_INIT(cache, size, keep)                                                         \
    {                                                                                              \
        .keep_pages = (keep),                                                                      \
        .slot_size = (size),                                                                       \
        .slots = SLAB_SLOTS(size),                                                                 \
        .pages = SLAB_PAGES(size),                                                                 \
        .partial = LIST_INIT((cache).partial),                                                     \
    }

void slab_cache_init(struct slab_cache *c, size_t slot_size, bool keep_pages);

/* A zeroed slot for `size` < slot_size bytes, or NULL. No spinlock held. */
MUST void *slab_alloc(struct slab_cache *c, size_t size);
/* Frees a slot of slab `s`, found by page_owner(block). Traps as base/heap.h says. */
void slab_free(struct slab *s, void *block);
/* The bytes asked for; traps if `block` is not the start of a live slot. */
size_t slab_block_size(struct slab *s, const void *block);
/* The cache a slab belongs to. */
const struct slab_cache *slab_cache_of(const struct slab *s);

#endif
