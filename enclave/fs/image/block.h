/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Verified blocks of the root image. The host hands out untrusted 4 KiB blocks; each is copied into
 * memory of ours, hashed there, and compared with the SHA-256 tree up to the measured root hash
 * before anyone sees a byte of it. Verified data and tree blocks stay in a cache with a byte budget
 * (least recently used goes first) and are never hashed again while they are there.
 *
 * Not locked: one caller at a time, under a lock that may sleep (reads leave the enclave).
 */
#ifndef ENCLAVE_FS_IMAGE_BLOCK_H
#define ENCLAVE_FS_IMAGE_BLOCK_H

#include "abi/image/rootfs.h"
#include "base/err.h"
#include "base/span.h"

/* Where untrusted bytes come from: host calls in the enclave, a file or an array in tests. */
struct block_source;

struct block_source_ops {
    /* Copies dst.n bytes (whole blocks) at byte `offset` into dst, which is memory of ours. */
    err (*read)(struct block_source *source, uint64_t offset, span dst);
};

struct block_source {
    const struct block_source_ops *ops;
    /* Fuzzers only: blocks are believed without a tree. Never set in the enclave. */
    bool trusted;
};

/* What the measured configuration says about the image. */
struct rootfs_params {
    uint64_t data_blocks, tree_blocks;
    uint8_t root_hash[ROOTFS_HASH_SIZE];
    size_t cache_size; /* bytes for cached blocks; 0 = a default of 16 MiB */
};

struct block_cache;

/* `source` is borrowed and must outlive the cache. EINVAL if the sizes contradict each other. */
err block_cache_new(struct block_source *source, const struct rootfs_params *params,
                    struct block_cache **out);
void block_cache_free(struct block_cache *cache);

/* The 4096 verified bytes of a data block, valid until the next call. EIO if the block lies outside
 * the volume, the host fails, or the hash differs (logged with the block number). */
err block_get(struct block_cache *cache, uint64_t block, cspan *out);

/* A hint: up to `count` blocks from `first` are wanted soon, so fetch those that are missing with
 * as few host calls as possible. Blocks that fail are left for block_get to report. */
void block_want(struct block_cache *cache, uint64_t first, uint64_t count);

/* For tests and benchmarks. */
struct block_count {
    uint64_t hits, misses, hashed, host_reads;
};
struct block_count block_count(const struct block_cache *cache);

#endif
