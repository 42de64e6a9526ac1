/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A leaf word says what its page belongs to: the address of a slab (a multiple of 8), the size of a
 * large block with tag 1, or tag 2 for the first page of a large block that was freed, so that a
 * second free is known from a wild one. Tables are added with compare-and-swap; the loser of a
 * race gives its page back.
 */
#include "base/pages.h"

#include "base/heap.h"
#include "base/num.h"
#include "base/trap.h"

#define LEVELS     4
#define LEVEL_BITS 9
#define TABLE_SIZE (1U << LEVEL_BITS)
#define TAG_LARGE  1U
#define TAG_FREED  2U
#define TAG_BITS   2

struct table {
    uintptr_t word[TABLE_SIZE]; /* atomic */
};
_Static_assert(sizeof(struct table) == HEAP_PAGE, "a table is a page");

static struct table g_root;
static const struct page_source *g_source;
static uint64_t g_fail_at;

void pages_init(const struct page_source *source) {
    g_source = source;
}

void *pages_get(size_t count) {
    CHECK(g_source != NULL);
    return g_source->get(count);
}

void pages_put(void *pages, size_t count) {
    g_source->put(pages, count);
}

static size_t index_at(uintptr_t va, unsigned level) {
    return (va >> (12 + LEVEL_BITS * (LEVELS - 1 - level))) & (TABLE_SIZE - 1);
}

static struct table *table_load(uintptr_t *word) {
    return (struct table *)__atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* The table behind `word`, made now if there is none; NULL without memory. */
static struct table *table_make(uintptr_t *word) {
    uintptr_t found = 0;
    struct table *made = pages_get(1);

    if (made == NULL)
        return NULL;
    if (__atomic_compare_exchange_n(word, &found, (uintptr_t)made, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return made;
    pages_put(made, 1);
    return (struct table *)found;
}

/* The leaf word of a page; NULL if its table does not exist (and, with `make`, cannot). */
static uintptr_t *leaf(const void *p, bool make) {
    uintptr_t va = (uintptr_t)p;
    struct table *t = &g_root;

    if (va >> (12 + LEVEL_BITS * LEVELS) != 0)
        return NULL;
    for (unsigned level = 0; level < LEVELS - 1 && t != NULL; level++) {
        uintptr_t *word = &t->word[index_at(va, level)];
        t = table_load(word);
        if (t == NULL && make)
            t = table_make(word);
    }
    return t == NULL ? NULL : &t->word[index_at(va, LEVELS - 1)];
}

static uintptr_t encode(struct page_owner o) {
    switch (o.kind) {
    case PAGE_SLAB:
        return (uintptr_t)o.slab;
    case PAGE_LARGE:
        return o.size << TAG_BITS | TAG_LARGE;
    case PAGE_FREED:
        return TAG_FREED;
    case PAGE_NOT_OURS:
        break;
    }
    return 0;
}

struct page_owner page_owner(const void *p) {
    uintptr_t *at = leaf(p, false);
    uintptr_t word = at == NULL ? 0 : __atomic_load_n(at, __ATOMIC_ACQUIRE);

    if (word == 0)
        return (struct page_owner){.kind = PAGE_NOT_OURS};
    if (word == TAG_FREED)
        return (struct page_owner){.kind = PAGE_FREED};
    if ((word & TAG_LARGE) != 0)
        return (struct page_owner){.kind = PAGE_LARGE, .size = word >> TAG_BITS};
    return (struct page_owner){.kind = PAGE_SLAB, .slab = (struct slab *)word};
}

err page_set_owner(const void *p, struct page_owner owner) {
    uintptr_t *at = leaf(p, true);

    if (at == NULL)
        return ERR(ENOMEM);
    __atomic_store_n(at, encode(owner), __ATOMIC_RELEASE);
    return OK;
}

bool page_change_owner(const void *p, struct page_owner from, struct page_owner to) {
    uintptr_t *at = leaf(p, false);
    uintptr_t expected = encode(from);

    CHECK(at != NULL);
    return __atomic_compare_exchange_n(at, &expected, encode(to), false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

void pages_fail_at(uint64_t n) {
    __atomic_store_n(&g_fail_at, n, __ATOMIC_RELAXED);
}

bool pages_injected_failure(void) {
    uint64_t n = __atomic_load_n(&g_fail_at, __ATOMIC_RELAXED);

    while (n != 0) {
        if (__atomic_compare_exchange_n(&g_fail_at, &n, n - 1, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return n == 1;
    }
    return false;
}
