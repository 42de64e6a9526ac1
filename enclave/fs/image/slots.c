/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Slots are named by their index. All of them lie on one ring in order of use:
 *
 *   newest <-> ... <-> oldest, free ones at the oldest end
 *
 * and each kept one also on the chain of its bucket. Slot i carries the head of bucket i, so one
 * array is all there is. `oldest` is what slots_take hands out.
 */
#include "enclave/fs/image/slots.h"

#include "abi/image/rootfs.h"
#include "base/heap.h"
#include "base/trap.h"

#define NONE UINT32_MAX

struct slot {
    uint64_t block;        /* valid if kept */
    uint8_t *page;         /* owned; NULL until first taken */
    uint32_t newer, older; /* neighbours by use; NONE at the ends */
    uint32_t chain;        /* next of the same bucket */
    uint32_t bucket;       /* head of the bucket with this slot's index */
    bool kept;
};

struct slots {
    size_t count;
    uint64_t bucket_mask; /* below count */
    uint32_t newest, oldest;
    bool taken; /* the oldest slot is being filled */
    struct slot slot[] COUNTED_BY(count);
};

err slots_new(uint64_t count, struct slots **out) {
    const uint64_t n = min_u64(max_u64(count, SLOTS_MIN), NONE - 1);
    uint64_t size, buckets = 1;
    struct slots *s;

    if (!mul_ok(&size, n, sizeof(struct slot)) || !add_ok(&size, size, sizeof(*s)))
        return ERR(ENOMEM);
    s = heap_alloc(size);
    if (s == NULL)
        return ERR(ENOMEM);
    while (buckets <= n / 2)
        buckets *= 2;
    s->count = n;
    s->bucket_mask = buckets - 1;
    s->newest = 0;
    s->oldest = (uint32_t)(n - 1);
    for (uint32_t i = 0; i < n; i++) {
        s->slot[i].bucket = NONE;
        s->slot[i].newer = i == 0 ? NONE : i - 1;
        s->slot[i].older = i == n - 1 ? NONE : i + 1;
    }
    *out = s;
    return OK;
}

void slots_free(struct slots *s) {
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->count; i++)
        heap_free(s->slot[i].page);
    heap_free(s);
}

size_t slots_count(const struct slots *s) {
    return s->count;
}

/* Takes slot i out of the ring; the caller links it again. */
static void ring_unlink(struct slots *s, uint32_t i) {
    struct slot *slot = &s->slot[i];

    if (slot->newer == NONE)
        s->newest = slot->older;
    else
        s->slot[slot->newer].older = slot->older;
    if (slot->older == NONE)
        s->oldest = slot->newer;
    else
        s->slot[slot->older].newer = slot->newer;
}

static void ring_make_newest(struct slots *s, uint32_t i) {
    if (s->newest == i)
        return;
    ring_unlink(s, i);
    s->slot[i].newer = NONE;
    s->slot[i].older = s->newest;
    s->slot[s->newest].newer = i;
    s->newest = i;
}

static uint32_t *bucket_of(struct slots *s, uint64_t block) {
    return &s->slot[block & s->bucket_mask].bucket;
}

static void chain_remove(struct slots *s, uint32_t i) {
    uint32_t *link = bucket_of(s, s->slot[i].block);

    while (*link != i)
        link = &s->slot[*link].chain;
    *link = s->slot[i].chain;
    s->slot[i].kept = false;
}

bool slots_find(struct slots *s, uint64_t block, cspan *out) {
    uint32_t i = *bucket_of(s, block);

    while (i != NONE && s->slot[i].block != block)
        i = s->slot[i].chain;
    if (i == NONE)
        return false;
    ring_make_newest(s, i);
    *out = cspan_of(s->slot[i].page, ROOTFS_BLOCK_SIZE);
    return true;
}

/* The oldest slot that has a page: the fallback when the heap is empty. */
static uint32_t oldest_with_page(const struct slots *s) {
    uint32_t i = s->oldest;

    while (i != NONE && s->slot[i].page == NULL)
        i = s->slot[i].newer;
    return i;
}

/* Gives the oldest slot a page: a new one, or that of the block used least recently. */
static err page_provide(struct slots *s) {
    struct slot *slot = &s->slot[s->oldest];
    uint32_t donor;

    slot->page = heap_alloc(ROOTFS_BLOCK_SIZE);
    if (slot->page != NULL)
        return OK;
    donor = oldest_with_page(s);
    if (donor == NONE)
        return ERR(ENOMEM);
    if (s->slot[donor].kept)
        chain_remove(s, donor);
    slot->page = GIVE(s->slot[donor].page);
    return OK;
}

err slots_take(struct slots *s, span *page) {
    CHECK(!s->taken);
    if (s->slot[s->oldest].kept)
        chain_remove(s, s->oldest);
    else if (s->slot[s->oldest].page == NULL)
        TRY(page_provide(s));
    s->taken = true;
    *page = span_of(s->slot[s->oldest].page, ROOTFS_BLOCK_SIZE);
    return OK;
}

void slots_keep(struct slots *s, uint64_t block) {
    const uint32_t i = s->oldest;
    uint32_t *head = bucket_of(s, block);

    CHECK(s->taken);
    s->taken = false;
    s->slot[i].block = block;
    s->slot[i].kept = true;
    s->slot[i].chain = *head;
    *head = i;
    ring_make_newest(s, i);
}

void slots_drop(struct slots *s) {
    CHECK(s->taken);
    s->taken = false;
}
