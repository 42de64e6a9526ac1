/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A pool is a slab cache that keeps its pages. The page map says which cache an address belongs
 * to, so a free into the wrong pool, or of a heap block, is seen before anything is touched.
 */
#include "base/pool.h"

#include "base/pages.h"

void *pool_alloc(struct pool *p) {
    return slab_alloc(&p->cache, p->object_size);
}

void pool_free(struct pool *p, void *object) {
    if (object == NULL)
        return;
    struct page_owner owner = page_owner(object);
    if (owner.kind != PAGE_SLAB || slab_cache_of(owner.slab) != &p->cache)
        trap(TRAP_BAD_FREE);
    slab_free(owner.slab, object);
}

size_t pool_live(struct pool *p) {
    spin_lock(&p->cache.lock);
    size_t n = p->cache.live_blocks;
    spin_unlock(&p->cache.lock);
    return n;
}
