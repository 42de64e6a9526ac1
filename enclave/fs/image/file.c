/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The bytes of regular files and the targets of symlinks, page by page out of the block cache.
 */
#include "enclave/fs/image/erofs.h"

/* Copies from `off` on until dst is full or the file ends. */
static err copy_pages(struct rootfs *r, const struct inode *inode, uint64_t off, span dst,
                      size_t *done) {
    size_t copied = 0;

    while (dst.n > 0 && off < inode->stat.size) {
        uint64_t skip = off % EROFS_BLOCK_SIZE;
        cspan page;
        span part;

        TRY(map_page(r, inode, off >> EROFS_BLOCK_BITS, &page));
        if (!cspan_from(&page, page, skip) || !span_sub(&part, dst, 0, min_u64(page.n, dst.n)) ||
            !cspan_read(part, page, 0) || !span_from(&dst, dst, part.n))
            return ERR(EIO);
        copied += part.n;
        off += part.n;
    }
    *done = copied;
    return OK;
}

static err regular_load(struct rootfs *r, uint64_t nid, struct inode *out) {
    TRY(inode_load(r, nid, out));
    if (inode_is(out, MODE_DIR))
        return ERR(EISDIR);
    return inode_is(out, MODE_REGULAR) ? OK : ERR(EINVAL);
}

err rootfs_read(struct rootfs *r, uint64_t nid, uint64_t off, span dst, size_t *done) {
    struct inode inode;

    TRY(regular_load(r, nid, &inode));
    map_want(r, &inode, off >> EROFS_BLOCK_BITS,
             ((off % EROFS_BLOCK_SIZE) + dst.n + EROFS_BLOCK_SIZE - 1) >> EROFS_BLOCK_BITS);
    return copy_pages(r, &inode, off, dst, done);
}

err rootfs_page(struct rootfs *r, uint64_t nid, uint64_t index, cspan *out) {
    struct inode inode;

    TRY(regular_load(r, nid, &inode));
    return map_page(r, &inode, index, out);
}

err rootfs_readlink(struct rootfs *r, uint64_t nid, span dst, size_t *done) {
    struct inode inode;

    TRY(inode_load(r, nid, &inode));
    if (!inode_is(&inode, MODE_LINK))
        return ERR(EINVAL);
    return copy_pages(r, &inode, 0, dst, done);
}
