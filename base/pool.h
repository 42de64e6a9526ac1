/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A typed pool: the objects of one type that several threads hold (files, inodes, tasks, vmas...).
 * Its memory never becomes another type and never goes back to the page source, so a pointer kept
 * too long meets a dead or a new object of the same type, never foreign bytes. Objects are zeroed
 * when given out and when freed; misuse traps as in base/heap.h, also a free into the wrong pool.
 *
 *     static struct pool g_inodes = POOL_INIT(g_inodes, struct inode);
 *     struct inode *i = POOL_NEW(&g_inodes, struct inode);    // NULL without memory
 *     pool_free(&g_inodes, i);
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/slab.h"

struct pool {
    struct slab_cache cache;
    size_t object_size;
};

/* A slot has room for the object and at least one guard byte. */
#define POOL_SLOT(type) ((sizeof(type) / 16 + 1) * 16)

#define POOL_INIT(pool, type)                                                                      \
    {                                                                                              \
        .cache = SLAB_CACHE_INIT((pool).cache, POOL_SLOT(type), true),                             \
        .object_size = sizeof(type),                                                               \
    }

/* A zeroed object aligned to 16 bytes, or NULL. No spinlock held: may fetch pages. Counts for
 * heap_fail_at. */
MUST void *pool_alloc(struct pool *p);
/* NULL is fine. `object` came from this pool. */
void pool_free(struct pool *p, void *object);
/* Objects in use. */
size_t pool_live(struct pool *p);

#define POOL_NEW(from, type)                                                                       \
    ({                                                                                             \
        struct pool *pool_ = (from);                                                               \
        _Static_assert(_Alignof(type) <= 16 && POOL_SLOT(type) <= SLAB_SIZE_MAX,                   \
                       "too large or too aligned for a pool");                                     \
        CHECK(pool_->object_size == sizeof(type));                                                 \
        (type *)pool_alloc(pool_);                                                                 \
    })

#endif
