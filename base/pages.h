/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the heap and the typed pools know about pages: where they come from, and for every page
 * which slab or which large block it belongs to. The answer is found in a tree of four levels, the
 * shape of the CPU's own page tables: 512 words a page, 48 address bits. Reading takes no lock,
 * tables are never given back. So a free() of any address, also a wrong one, is judged without
 * touching the memory it names.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include "base/err.h"

#define HEAP_PAGE 4096
/* Fills the bytes behind a block; not zero, so that a lost NUL is seen. */
#define HEAP_GUARD_BYTE 0xcb

struct page_source;
struct slab;

void pages_init(const struct page_source *source);

/* Zeroed pages, or NULL. No spinlock may be held: the source may block. */
MUST void *pages_get(size_t count);
void pages_put(void *pages, size_t count);

/* What a page belongs to. */
enum page_kind { PAGE_NOT_OURS, PAGE_SLAB, PAGE_LARGE, PAGE_FREED };

struct page_owner {
    enum page_kind kind;
    struct slab *slab; /* PAGE_SLAB                                               */
    size_t size;       /* PAGE_LARGE: the bytes asked for, the block starts there */
};

/* PAGE_NOT_OURS for addresses never given out, and for all but the first page of large blocks. */
struct page_owner page_owner(const void *p);
/* ENOMEM if a table is missing and there is no page for it. */
MUST err page_set_owner(const void *p, struct page_owner owner);
/* As page_set_owner, but only if the owner still is `from`; false: somebody else was faster. The
 * page had an owner before. */
MUST bool page_change_owner(const void *p, struct page_owner from, struct page_owner to);

/* For heap_fail_at (base/heap.h): counts one allocation; true if it must fail. */
bool pages_injected_failure(void);
void pages_fail_at(uint64_t n);

#endif
