/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A block is believed if its hash stands in its tree block, that one's hash in the tree block above
 * it, and so on up to the root hash. levels[0] lies next to the data, the last level is one block:
 *
 *   root hash -> levels[n-1] (1 block) -> ... -> levels[0] (D/128 blocks) -> data (D blocks)
 *
 * All blocks, tree and data alike, share one cache, keyed by their number in the file. A block
 * enters it only after its hash was compared, therefore what is in the cache needs no check. A miss
 * walks the tree from the root down; the upper levels are nearly always cached.
 */
#include "enclave/fs/image/block.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/mem.h"
#include "enclave/crypto/hash.h"
#include "enclave/fs/image/slots.h"

#define HASHES_BITS   7u /* 128 hashes in a tree block */
#define HASHES        (1u << HASHES_BITS)
#define LEVELS_MAX    6u /* 128^6 blocks are 16 PiB */
#define BATCH_BLOCKS  32u
#define DEFAULT_CACHE (16u << 20)

struct level {
    uint64_t first, count; /* blocks of the file */
};

struct block_cache {
    struct block_source *source; /* borrowed */
    struct rootfs_params params;
    struct level levels[LEVELS_MAX];
    size_t level_count;
    struct slots *slots; /* owned */
    span batch;          /* owned, BATCH_BLOCKS blocks; empty until block_want needs it */
    uint64_t next;       /* the block behind the last miss: a miss there is sequential */
    uint64_t window;     /* blocks to fetch at a sequential miss */
    struct block_count count;
};

/* Where the levels lie; false if the tree has not exactly params.tree_blocks. */
static bool levels_place(struct block_cache *c) {
    uint64_t count = c->params.data_blocks, used = 0;

    while (count > 1) {
        count = (count + HASHES - 1) >> HASHES_BITS;
        if (c->level_count == LEVELS_MAX)
            return false;
        c->levels[c->level_count++].count = count;
        used += count;
    }
    if (used != c->params.tree_blocks)
        return false;
    for (size_t i = 0; i < c->level_count; i++) {
        used -= c->levels[i].count;
        c->levels[i].first = c->params.data_blocks + used;
    }
    return true;
}

static err params_check(const struct rootfs_params *p) {
    const uint64_t most = 1ull << 40; /* 4 PiB: no product or sum below can wrap */

    if (p->data_blocks == 0 || p->data_blocks > most || p->tree_blocks > most)
        return ERR(EINVAL);
    return OK;
}

static void cache_free_p(struct block_cache **c) {
    block_cache_free(*c);
}

err block_cache_new(struct block_source *source, const struct rootfs_params *params,
                    struct block_cache **out) {
    OWNED(cache_free_p) struct block_cache *c = NULL;
    uint64_t budget = params->cache_size == 0 ? DEFAULT_CACHE : params->cache_size;

    TRY(params_check(params));
    c = NEW(struct block_cache);
    if (c == NULL)
        return ERR(ENOMEM);
    c->source = source;
    c->params = *params;
    if (!source->trusted && !levels_place(c))
        return ERR(EINVAL);
    TRY(slots_new(min_u64(budget / ROOTFS_BLOCK_SIZE, params->data_blocks + params->tree_blocks),
                  &c->slots));
    *out = GIVE(c);
    return OK;
}

void block_cache_free(struct block_cache *c) {
    if (c == NULL)
        return;
    slots_free(c->slots);
    heap_free(c->batch.p);
    heap_free(c);
}

/* The one place that hashes. */
static bool hash_matches(struct block_cache *c, cspan bytes, const uint8_t want[ROOTFS_HASH_SIZE]) {
    uint8_t got[SHA256_SIZE];

    if (c->source->trusted)
        return true;
    c->count.hashed++;
    hash_sha256(bytes, got);
    return mem_equal(got, want, sizeof(got));
}

static err read_source(struct block_cache *c, uint64_t block, span dst) {
    err e = c->source->ops->read(c->source, block * ROOTFS_BLOCK_SIZE, dst);

    c->count.host_reads++;
    if (!failed(e))
        return OK;
    log_err("image", "block %llu: the host gave no data (%s)", (unsigned long long)block,
            err_name(e.no));
    return ERR(e.no == ENOMEM ? ENOMEM : EIO);
}

/* A block with a known hash: from the cache, or read, compared and put there. */
static err load(struct block_cache *c, uint64_t block, const uint8_t hash[ROOTFS_HASH_SIZE],
                cspan *out) {
    span page;
    err e;

    if (slots_find(c->slots, block, out))
        return OK;
    TRY(slots_take(c->slots, &page));
    e = read_source(c, block, page);
    if (!failed(e) && !hash_matches(c, span_c(page), hash)) {
        log_err("image", "block %llu: wrong hash, the host changed it", (unsigned long long)block);
        e = ERR(EIO);
    }
    if (failed(e)) {
        slots_drop(c->slots);
        return e;
    }
    slots_keep(c->slots, block);
    *out = span_c(page);
    return OK;
}

/* The hash that a data block must have, from verified tree blocks. */
static err hash_of(struct block_cache *c, uint64_t block, uint8_t hash[ROOTFS_HASH_SIZE]) {
    mem_copy(hash, c->params.root_hash, ROOTFS_HASH_SIZE);
    for (size_t i = c->level_count; i-- > 0;) {
        uint64_t child = block >> (HASHES_BITS * i);
        cspan node;

        TRY(load(c, c->levels[i].first + (child >> HASHES_BITS), hash, &node));
        if (!cspan_read(span_of(hash, ROOTFS_HASH_SIZE), node, (child % HASHES) * ROOTFS_HASH_SIZE))
            return ERR(EIO);
    }
    return OK;
}

/* Sequential misses fetch twice as much each time, so that a host call is paid once in BATCH_BLOCKS
 * blocks; any other miss fetches one. */
static void read_ahead(struct block_cache *c, uint64_t block) {
    c->window = block == c->next ? min_u64(c->window * 2, BATCH_BLOCKS) : 1;
    if (c->window > 1)
        block_want(c, block, c->window);
    c->next = block + c->window;
}

err block_get(struct block_cache *c, uint64_t block, cspan *out) {
    uint8_t hash[ROOTFS_HASH_SIZE];

    if (block >= c->params.data_blocks) {
        log_err("image", "block %llu lies outside the volume", (unsigned long long)block);
        return ERR(EIO);
    }
    if (slots_find(c->slots, block, out)) {
        c->count.hits++;
        return OK;
    }
    c->count.misses++;
    read_ahead(c, block);
    TRY(hash_of(c, block, hash));
    return load(c, block, hash, out);
}

/* Moves one block of the batch into the cache, if its hash is right. Silent otherwise: block_get
 * reads it again and reports. */
static err batch_keep(struct block_cache *c, uint64_t block, cspan bytes) {
    uint8_t hash[ROOTFS_HASH_SIZE];
    span page;

    TRY(hash_of(c, block, hash));
    if (!hash_matches(c, bytes, hash))
        return ERR(EIO);
    TRY(slots_take(c->slots, &page));
    mem_copy(page.p, bytes.p, ROOTFS_BLOCK_SIZE);
    slots_keep(c->slots, block);
    return OK;
}

static err batch_read(struct block_cache *c, uint64_t first, uint64_t count) {
    span part;

    if (c->batch.p == NULL) {
        const size_t size = (size_t)BATCH_BLOCKS * ROOTFS_BLOCK_SIZE;

        c->batch = span_of(heap_alloc(size), size);
    }
    if (c->batch.p == NULL || !span_sub(&part, c->batch, 0, count * ROOTFS_BLOCK_SIZE))
        return ERR(ENOMEM);
    TRY(read_source(c, first, part));
    for (uint64_t i = 0; i < count; i++) {
        cspan bytes;

        if (!cspan_sub(&bytes, span_c(part), i * ROOTFS_BLOCK_SIZE, ROOTFS_BLOCK_SIZE))
            return ERR(EIO);
        TRY(batch_keep(c, first + i, bytes));
    }
    return OK;
}

/* How many blocks from `first` on are not cached, at most `count`. */
static uint64_t run_missing(struct block_cache *c, uint64_t first, uint64_t count) {
    uint64_t n = 0;
    cspan seen;

    while (n < count && !slots_find(c->slots, first + n, &seen))
        n++;
    return n;
}

void block_want(struct block_cache *c, uint64_t first, uint64_t count) {
    uint64_t room = slots_count(c->slots) / 2; /* never push out what this call fetched */

    if (first >= c->params.data_blocks)
        return;
    count = min_u64(min_u64(count, room), c->params.data_blocks - first);
    while (count > 0) {
        uint64_t n = run_missing(c, first, min_u64(count, BATCH_BLOCKS));

        if (n >= 2 && failed(batch_read(c, first, n)))
            return;
        n = n == 0 ? 1 : n;
        first += n;
        count -= n;
    }
}

struct block_count block_count(const struct block_cache *c) {
    return c->count;
}
