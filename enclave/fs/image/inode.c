/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An inode is read as the 32 bytes that both kinds begin with; bit 0 of the format tells whether 32
 * more belong to it. Everything that can be judged without looking at the file's data is judged
 * here, once, so that map.c, dir.c and file.c start from numbers that make sense.
 */
#include "enclave/fs/image/erofs.h"

#define SYMLINK_MAX 4095u
#define NSEC        1000000000u

err meta_read(struct rootfs *r, uint64_t pos, span dst) {
    if (!range_ok(pos, dst.n, r->size))
        return ERR(EIO);
    while (dst.n > 0) {
        uint64_t off = pos % EROFS_BLOCK_SIZE;
        size_t n = (size_t)min_u64(dst.n, EROFS_BLOCK_SIZE - off);
        cspan block;
        span part;

        TRY(block_get(r->blocks, pos >> EROFS_BLOCK_BITS, &block));
        if (!span_sub(&part, dst, 0, n) || !cspan_read(part, block, off) ||
            !span_from(&dst, dst, n))
            return ERR(EIO);
        pos += n;
    }
    return OK;
}

static void compact_use(const struct rootfs *r, const struct erofs_inode_compact *raw,
                        struct inode *out) {
    out->u = le32_get(raw->u);
    out->stat.size = le32_get(raw->size);
    out->stat.mode = le16_get(raw->mode);
    out->stat.nlink = le16_get(raw->nlink);
    out->stat.uid = le16_get(raw->uid);
    out->stat.gid = le16_get(raw->gid);
    out->stat.mtime_sec = r->build_sec;
    out->stat.mtime_nsec = r->build_nsec;
}

static void extended_use(const struct erofs_inode_extended *raw, struct inode *out) {
    out->u = le32_get(raw->u);
    out->stat.size = le64_get(raw->size);
    out->stat.mode = le16_get(raw->mode);
    out->stat.nlink = le32_get(raw->nlink);
    out->stat.uid = le32_get(raw->uid);
    out->stat.gid = le32_get(raw->gid);
    out->stat.mtime_sec = (int64_t)le64_get(raw->mtime_sec);
    out->stat.mtime_nsec = le32_get(raw->mtime_nsec);
}

/* Reads either kind; *size is that of the inode itself. */
static err raw_load(struct rootfs *r, uint64_t pos, struct inode *out, uint64_t *size) {
    struct erofs_inode_compact compact;
    struct erofs_inode_extended extended;
    uint32_t format, xattrs;

    TRY(meta_read(r, pos, SPAN_OF(compact)));
    format = le16_get(compact.format);
    if ((format & ~EROFS_FORMAT_KNOWN) != 0)
        return volume_bad(out->stat.nid, "unknown format");
    out->layout = (enum erofs_layout)EROFS_FORMAT_LAYOUT(format);
    if ((format & EROFS_FORMAT_EXTENDED) == 0) {
        compact_use(r, &compact, out);
        *size = sizeof(compact);
    } else {
        TRY(meta_read(r, pos, SPAN_OF(extended)));
        extended_use(&extended, out);
        *size = sizeof(extended);
    }
    xattrs = le16_get(compact.xattr_count);
    if (xattrs != 0)
        *size += EROFS_XATTR_HEADER + (xattrs - 1) * EROFS_XATTR_UNIT;
    return OK;
}

static bool layout_ok(const struct inode *inode) {
    switch ((uint32_t)inode->layout) {
    case EROFS_FLAT_PLAIN:
    case EROFS_FLAT_INLINE:
        return true;
    case EROFS_CHUNKED:
        return inode_is(inode, MODE_REGULAR) && (inode->u & ~EROFS_CHUNK_KNOWN) == 0;
    default:
        return false;
    }
}

static bool type_ok(const struct inode *inode) {
    switch (inode->stat.mode & MODE_TYPE) {
    case MODE_DIR:
    case MODE_REGULAR:
        return inode->stat.size <= INT64_MAX;
    case MODE_LINK:
        return inode->stat.size > 0 && inode->stat.size <= SYMLINK_MAX;
    case MODE_CHAR:
    case MODE_BLOCK:
    case MODE_FIFO:
    case MODE_SOCKET:
        return inode->stat.size == 0;
    default:
        return false;
    }
}

err inode_load(struct rootfs *r, uint64_t nid, struct inode *out) {
    uint64_t pos, size = 0;

    *out = (struct inode){.stat.nid = nid};
    if (!mul_ok(&pos, nid, (uint64_t)EROFS_NID_SIZE) || !add_ok(&pos, pos, r->meta_pos) ||
        !range_ok(pos, sizeof(struct erofs_inode_compact), r->size))
        return volume_bad(nid, "outside the volume");
    TRY(raw_load(r, pos, out, &size));
    if (!type_ok(out))
        return volume_bad(nid, "impossible type or size");
    if (!layout_ok(out))
        return volume_bad(nid, "unknown layout");
    if (out->stat.mtime_nsec >= NSEC)
        return volume_bad(nid, "impossible time");
    if (inode_is(out, MODE_CHAR) || inode_is(out, MODE_BLOCK))
        out->stat.rdev = out->u;
    out->tail_pos = pos + size;
    return OK;
}

bool inode_is(const struct inode *inode, uint32_t mode_type) {
    return (inode->stat.mode & MODE_TYPE) == mode_type;
}

uint64_t inode_pages(const struct inode *inode) {
    return (inode->stat.size + EROFS_BLOCK_SIZE - 1) >> EROFS_BLOCK_BITS;
}

err rootfs_stat(struct rootfs *r, uint64_t nid, struct rootfs_stat *out) {
    struct inode inode;

    TRY(inode_load(r, nid, &inode));
    *out = inode.stat;
    return OK;
}
