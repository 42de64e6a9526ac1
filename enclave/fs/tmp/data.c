/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bytes of a regular file: a growing array of 4 KiB blocks. A block that was never written
 * does not exist and reads as zeros. Bytes of a block behind the end of the file are always zero,
 * so that growing a file needs no clearing.
 */
#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"
#include "enclave/fs/tmp/node.h"

static const uint8_t g_zeros[TMPFS_BLOCK];

static err make_room(struct tmp_data *d, uint64_t count) {
    uint64_t room = max_u64(count, d->room + d->room / 2);
    void **more;
    size_t bytes;

    if (count <= d->room)
        return OK;
    if (!mul_ok(&bytes, room, sizeof(void *)))
        return ERR(EFBIG);
    more = heap_alloc(bytes);
    if (more == NULL)
        return ERR(ENOSPC);
    mem_copy(more, d->blocks, d->room * sizeof(void *));
    heap_free(d->blocks);
    d->blocks = more;
    d->room = room;
    return OK;
}

/* The block with this index, made if need be. */
static err block_get(struct tmp_node *n, uint64_t index, span *out) {
    struct tmp_fs *fs = tmp_fs_of(&n->inode);

    if (index >= fs->max_blocks)
        return ERR(ENOSPC);
    TRY(make_room(&n->data, index + 1));
    if (n->data.blocks[index] == NULL) {
        if (fs->blocks >= fs->max_blocks)
            return ERR(ENOSPC);
        n->data.blocks[index] = heap_alloc(TMPFS_BLOCK);
        if (n->data.blocks[index] == NULL)
            return ERR(ENOSPC);
        fs->blocks++;
    }
    *out = span_of(n->data.blocks[index], TMPFS_BLOCK);
    return OK;
}

static void block_drop(struct tmp_node *n, uint64_t index) {
    if (n->data.blocks[index] == NULL)
        return;
    heap_free(n->data.blocks[index]);
    n->data.blocks[index] = NULL;
    tmp_fs_of(&n->inode)->blocks--;
}

static cspan block_view(const struct tmp_data *d, uint64_t index) {
    if (index < d->room && d->blocks[index] != NULL)
        return cspan_of(d->blocks[index], TMPFS_BLOCK);
    return CSPAN_OF(g_zeros);
}

static err tmp_read(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    struct tmp_node *n = node_of(i);
    const struct tmp_data *d = &n->data;

    while (u->left > 0 && off < d->size) {
        uint64_t in_block = off % TMPFS_BLOCK;
        cspan piece;
        size_t moved;
        err e;

        CHECK(cspan_sub(&piece, block_view(d, off / TMPFS_BLOCK), in_block,
                        min_u64(TMPFS_BLOCK - in_block, d->size - off)));
        e = uio_put(u, piece, &moved);
        if (failed(e))
            return *done > 0 ? OK : e;
        off += moved;
        *done += moved;
    }
    /* as relatime: a clock read for each read would cost more than the read */
    if (n->atime <= n->mtime)
        n->atime = fs_now();
    return OK;
}

/* One block's worth of a write. */
static err write_piece(struct tmp_node *n, struct uio *u, uint64_t off, size_t *moved) {
    uint64_t in_block = off % TMPFS_BLOCK;
    span block;
    span piece;

    TRY(block_get(n, off / TMPFS_BLOCK, &block));
    CHECK(span_sub(&piece, block, in_block, TMPFS_BLOCK - in_block));
    TRY(uio_get(u, piece, moved));
    n->data.size = max_u64(n->data.size, off + *moved);
    return OK;
}

static err tmp_write(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    struct tmp_node *n = node_of(i);

    while (u->left > 0) {
        size_t moved = 0;
        err e = write_piece(n, u, off, &moved);

        if (failed(e))
            return *done > 0 ? OK : e;
        off += moved;
        *done += moved;
    }
    if (*done > 0)
        tmp_touch(n);
    return OK;
}

err tmp_resize(struct tmp_node *n, uint64_t size) {
    struct tmp_data *d = &n->data;
    uint64_t keep;

    if (size > INT64_MAX - TMPFS_BLOCK)
        return ERR(EFBIG);
    keep = (size + TMPFS_BLOCK - 1) / TMPFS_BLOCK;
    for (uint64_t i = keep; i < d->room; i++)
        block_drop(n, i);
    if (size % TMPFS_BLOCK != 0 && keep <= d->room && d->blocks[keep - 1] != NULL) {
        span tail;

        CHECK(span_from(&tail, span_of(d->blocks[keep - 1], TMPFS_BLOCK), size % TMPFS_BLOCK));
        span_zero(tail);
    }
    d->size = size;
    return OK;
}

void tmp_data_free(struct tmp_node *n) {
    for (uint64_t i = 0; i < n->data.room; i++)
        block_drop(n, i);
    heap_free(n->data.blocks);
    n->data = (struct tmp_data){0};
}

const struct inode_ops tmp_file_ops = {
    .stat = tmp_stat,
    .read = tmp_read,
    .write = tmp_write,
    .change = tmp_change,
    .free = tmp_free,
};
