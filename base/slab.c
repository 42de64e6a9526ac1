/* SPDX-License-Identifier: BSD-3-Clause
 *
 *   cache ── partial ── slab ── slab ── ...      full slabs are in no list, free() finds them
 *                        │ cache, live bits, asked-for sizes      (descriptor, own pages)
 *                        └─> [slot][slot][slot]...                (slot pages)
 *
 * Pages and descriptors are fetched and given back without any lock. A slab is made outside the
 * lock and then enters the partial list; one that became idle leaves the list under the lock and
 * is then dismantled by the thread that took it. At most one idle slab a cache is kept.
 */
#include "base/slab.h"

#include "base/asan.h"
#include "base/mem.h"
#include "base/pages.h"
#include "base/span.h"

#define WORDS (SLAB_SLOTS_MAX / 64)

struct slab {
    struct list_node link; /* in cache->partial, or in the list of unused descriptors */
    struct slab_cache *cache;
    uint8_t *base;
    uint16_t used, next; /* live slots; where the search for a free one starts */
    uint64_t live[WORDS];
    uint16_t asked[SLAB_SLOTS_MAX];
};

/* Descriptors never become another type either. */
static struct {
    struct spinlock lock;
    struct list unused;
} g_desc = {.unused = LIST_INIT(g_desc.unused)};

static struct slab *desc_take(void) {
    spin_lock(&g_desc.lock);
    struct list_node *n = list_pop_front(&g_desc.unused);
    spin_unlock(&g_desc.lock);
    return LIST_ENTRY(n, struct slab, link);
}

static void desc_give(struct slab *s) {
    mem_zero(s, sizeof(*s));
    spin_lock(&g_desc.lock);
    list_push_front(&g_desc.unused, &s->link);
    spin_unlock(&g_desc.lock);
}

static struct slab *desc_new(void) {
    struct slab *s = desc_take();

    if (s != NULL)
        return s;
    struct slab *page = pages_get(1);
    if (page == NULL)
        return NULL;
    for (size_t i = 1; i < HEAP_PAGE / sizeof(struct slab); i++)
        desc_give(&page[i]);
    return page;
}

void slab_cache_init(struct slab_cache *c, size_t slot_size, bool keep_pages) {
    CHECK(slot_size >= 16 && slot_size <= SLAB_SIZE_MAX && slot_size % 16 == 0);
    *c = (struct slab_cache){
        .keep_pages = keep_pages,
        .slot_size = (uint16_t)slot_size,
        .slots = (uint16_t)SLAB_SLOTS(slot_size),
        .pages = (uint16_t)SLAB_PAGES(slot_size),
    };
    list_init(&c->partial);
}

/* Publishes which pages are the slab's. On failure some stay published; they go unused. */
static err own_pages(struct slab *s, struct page_owner owner) {
    for (size_t i = 0; i < s->cache->pages; i++)
        TRY(page_set_owner(s->base + i * HEAP_PAGE, owner));
    return OK;
}

static void slab_dismantle(struct slab *s) {
    size_t size = (size_t)s->cache->pages * HEAP_PAGE;

    /* Cannot fail: the tables exist since slab_new, or the page was never published. */
    for (size_t i = 0; i < s->cache->pages; i++) {
        struct page_owner mine = {.kind = PAGE_SLAB, .slab = s};
        uint8_t *page = s->base + i * HEAP_PAGE;
        if (page_owner(page).kind == PAGE_SLAB)
            CHECK(page_change_owner(page, mine, (struct page_owner){.kind = PAGE_FREED}));
    }
    asan_unpoison(s->base, size);
    if (!mem_is_zero(s->base, size))
        trap(TRAP_FREED_WRITE);
    pages_put(s->base, s->cache->pages);
    desc_give(s);
}

static struct slab *slab_new(struct slab_cache *c) {
    struct slab *s = desc_new();

    if (s == NULL)
        return NULL;
    s->cache = c;
    s->base = pages_get(c->pages);
    if (s->base == NULL) {
        desc_give(s);
        return NULL;
    }
    if (failed(own_pages(s, (struct page_owner){.kind = PAGE_SLAB, .slab = s}))) {
        slab_dismantle(s);
        return NULL;
    }
    asan_poison(s->base, (size_t)c->pages * HEAP_PAGE);
    return s;
}

static size_t free_slot(const struct slab *s) {
    for (size_t n = 0; n <= WORDS; n++) {
        size_t w = (s->next / 64 + n) % WORDS;
        uint64_t candidates = ~s->live[w];
        if (n == 0)
            candidates &= ~UINT64_C(0) << s->next % 64;
        if (candidates == 0)
            continue;
        size_t slot = w * 64 + (size_t)__builtin_ctzll(candidates);
        if (slot < s->cache->slots)
            return slot;
    }
    trap(TRAP_UNREACHABLE);
}

static bool is_live(const struct slab *s, size_t slot) {
    return (s->live[slot / 64] >> slot % 64 & 1) != 0;
}

static void *slot_take(struct slab *s, size_t size) {
    struct slab_cache *c = s->cache;
    size_t slot = free_slot(s);
    uint8_t *block = s->base + slot * c->slot_size;

    s->live[slot / 64] |= UINT64_C(1) << slot % 64;
    s->asked[slot] = (uint16_t)size;
    s->next = (uint16_t)(slot + 1 == c->slots ? 0 : slot + 1);
    if (s->used++ == 0)
        c->idle--;
    if (s->used == c->slots)
        list_remove(&s->link);
    c->live_blocks++;
    c->live_bytes += size;
    asan_unpoison(block, c->slot_size);
    if (!mem_is_zero(block, c->slot_size))
        trap(TRAP_FREED_WRITE);
    mem_fill(block + size, HEAP_GUARD_BYTE, c->slot_size - size);
    asan_poison(block + size, c->slot_size - size);
    return block;
}

void *slab_alloc(struct slab_cache *c, size_t size) {
    CHECK(size < c->slot_size);
    if (pages_injected_failure())
        return NULL;
    spin_lock(&c->lock);
    struct slab *s = LIST_FIRST(&c->partial, struct slab, link);
    if (s == NULL) {
        spin_unlock(&c->lock);
        s = slab_new(c);
        if (s == NULL)
            return NULL;
        spin_lock(&c->lock);
        c->idle++;
        list_push_front(&c->partial, &s->link);
    }
    void *block = slot_take(s, size);
    spin_unlock(&c->lock);
    return block;
}

/* The slot that starts at `block`; anything else is a crime. */
static size_t slot_of(const struct slab *s, const void *block) {
    size_t off = wrap_sub((uintptr_t)block, (uintptr_t)s->base);
    size_t slot = off / s->cache->slot_size;

    if (slot >= s->cache->slots || off % s->cache->slot_size != 0)
        trap(TRAP_BAD_FREE);
    if (!is_live(s, slot))
        trap(TRAP_DOUBLE_FREE);
    return slot;
}

static void slot_wipe(const struct slab_cache *c, uint8_t *block, size_t size) {
    asan_unpoison(block, c->slot_size);
    if (!mem_is(block + size, HEAP_GUARD_BYTE, c->slot_size - size))
        trap(TRAP_GUARD_WRITE);
    mem_zero(block, c->slot_size);
    asan_poison(block, c->slot_size);
}

/* True if the slab has nothing live and another idle one is kept already: it left the list. */
static bool slot_give(struct slab *s, size_t slot) {
    struct slab_cache *c = s->cache;

    s->live[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    c->live_blocks--;
    c->live_bytes -= s->asked[slot];
    if (s->used-- == c->slots)
        list_push_back(&c->partial, &s->link);
    if (s->used != 0)
        return false;
    if (c->keep_pages || c->idle == 0) {
        c->idle++;
        return false;
    }
    list_remove(&s->link);
    return true;
}

void slab_free(struct slab *s, void *block) {
    struct slab_cache *c = s->cache;

    spin_lock(&c->lock);
    size_t slot = slot_of(s, block);
    slot_wipe(c, block, s->asked[slot]);
    bool retired = slot_give(s, slot);
    spin_unlock(&c->lock);
    if (retired)
        slab_dismantle(s);
}

size_t slab_block_size(struct slab *s, const void *block) {
    struct slab_cache *c = s->cache;

    spin_lock(&c->lock);
    size_t size = s->asked[slot_of(s, block)];
    spin_unlock(&c->lock);
    return size;
}

const struct slab_cache *slab_cache_of(const struct slab *s) {
    return s->cache;
}
