/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where page `index` of a file lies:
 *
 *   flat       block u + index
 *   inline     the same, but the last page lies behind the inode and never crosses a block
 *   chunked    the table behind the inode names the first block of chunk index >> bits; a hole
 * reads as zeros
 */
#include "enclave/fs/image/erofs.h"

static const uint8_t g_zeros[EROFS_BLOCK_SIZE];

static err page_from(struct rootfs *r, uint64_t pos, uint64_t n, cspan *out) {
    cspan block;

    if (!range_ok(pos, n, r->size))
        return ERR(EIO);
    TRY(block_get(r->blocks, pos >> EROFS_BLOCK_BITS, &block));
    return cspan_sub(out, block, pos % EROFS_BLOCK_SIZE, n) ? OK : ERR(EIO);
}

static bool is_inline(const struct inode *inode, uint64_t index) {
    return inode->layout == EROFS_FLAT_INLINE && index + 1 == inode_pages(inode);
}

/* The first block of a chunk, or EROFS_HOLE. */
static err chunk_block(struct rootfs *r, const struct inode *inode, uint64_t chunk,
                       uint32_t *block) {
    const bool indexes = (inode->u & EROFS_CHUNK_INDEXES) != 0;
    const uint64_t unit = indexes ? sizeof(struct erofs_chunk_index) : sizeof(le32);
    struct erofs_chunk_index index = {0};
    uint64_t table, pos;

    if (!align_up_ok(&table, inode->tail_pos, unit) || !mul_ok(&pos, chunk, unit) ||
        !add_ok(&pos, pos, table))
        return ERR(EIO);
    if (indexes)
        TRY(meta_read(r, pos, SPAN_OF(index)));
    else
        TRY(meta_read(r, pos, SPAN_OF(index.block)));
    if (le16_get(index.device) != 0)
        return volume_bad(inode->stat.nid, "a chunk lies on another device");
    *block = le32_get(index.block);
    return OK;
}

static err chunk_page(struct rootfs *r, const struct inode *inode, uint64_t index, uint64_t n,
                      cspan *out) {
    const uint32_t bits = inode->u & EROFS_CHUNK_BITS;
    uint32_t first = 0;

    TRY(chunk_block(r, inode, index >> bits, &first));
    if (first == EROFS_HOLE)
        return cspan_sub(out, CSPAN_OF(g_zeros), 0, n) ? OK : ERR(EIO);
    index &= (1ull << bits) - 1;
    return page_from(r, (first + index) << EROFS_BLOCK_BITS, n, out);
}

err map_page(struct rootfs *r, const struct inode *inode, uint64_t index, cspan *out) {
    uint64_t n;
    err e;

    if (index >= inode_pages(inode)) {
        *out = cspan_of(NULL, 0);
        return OK;
    }
    n = min_u64(EROFS_BLOCK_SIZE, inode->stat.size - (index << EROFS_BLOCK_BITS));
    if (inode->layout == EROFS_CHUNKED)
        e = chunk_page(r, inode, index, n, out);
    else if (is_inline(inode, index))
        e = page_from(r, inode->tail_pos, n, out);
    else
        e = page_from(r, (inode->u + index) << EROFS_BLOCK_BITS, n, out);
    return e.no == EIO ? volume_bad(inode->stat.nid, "its data cannot be read") : e;
}

void map_want(struct rootfs *r, const struct inode *inode, uint64_t index, uint64_t count) {
    uint64_t pages = inode_pages(inode);

    if (inode->layout == EROFS_CHUNKED || index >= pages)
        return;
    count = min_u64(count, pages - index);
    if (count >= 2)
        block_want(r->blocks, inode->u + index, count);
}
