/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Opening a volume: the superblock says where metadata starts and which inode is the root. What a
 * newer mkfs.erofs may have put into the volume is refused here by its feature bit, so the rest of
 * the reader meets only what it knows.
 */
#include "enclave/fs/image/erofs.h"

#include "base/heap.h"
#include "base/log.h"

err volume_bad(uint64_t nid, const char *what) {
    log_err("image", "inode %llu: %s", (unsigned long long)nid, what);
    return ERR(EIO);
}

static err super_bad(const char *what) {
    log_err("image", "superblock: %s", what);
    return ERR(EIO);
}

static err super_use(struct rootfs *r, const struct erofs_super *s) {
    uint64_t build_sec = le64_get(s->build_sec);
    uint64_t volume_size = (uint64_t)le32_get(s->blocks) << EROFS_BLOCK_BITS;

    if (le32_get(s->magic) != EROFS_SUPER_MAGIC)
        return super_bad("not an EROFS volume");
    if (s->block_bits != EROFS_BLOCK_BITS)
        return super_bad("the block size is not 4096");
    if ((le32_get(s->feature_incompat) & ~EROFS_CHUNKED_FILE) != 0)
        return super_bad("it uses a feature we do not know");
    if (le16_get(s->extra_devices) != 0)
        return super_bad("it needs more than one device");
    if (volume_size > r->size)
        return super_bad("the volume is larger than the measured size");
    if (build_sec > INT64_MAX || le32_get(s->build_nsec) >= 1000000000u)
        return super_bad("impossible time");
    r->size = volume_size;
    r->meta_pos = (uint64_t)le32_get(s->meta_block) << EROFS_BLOCK_BITS;
    r->root = le16_get(s->root_nid);
    r->build_sec = (int64_t)build_sec;
    r->build_nsec = le32_get(s->build_nsec);
    return OK;
}

static err super_load(struct rootfs *r) {
    struct erofs_super super;
    struct inode root;

    TRY(meta_read(r, EROFS_SUPER_POS, SPAN_OF(super)));
    TRY(super_use(r, &super));
    TRY(inode_load(r, r->root, &root));
    return inode_is(&root, MODE_DIR) ? OK : volume_bad(r->root, "the root is not a directory");
}

static void rootfs_close_p(struct rootfs **r) {
    rootfs_close(*r);
}

err rootfs_open(struct block_source *source, const struct rootfs_params *params,
                struct rootfs **out) {
    OWNED(rootfs_close_p) struct rootfs *r = NEW(struct rootfs);

    if (r == NULL)
        return ERR(ENOMEM);
    TRY(block_cache_new(source, params, &r->blocks));
    r->size = params->data_blocks << EROFS_BLOCK_BITS;
    TRY(super_load(r));
    *out = GIVE(r);
    return OK;
}

void rootfs_close(struct rootfs *r) {
    if (r == NULL)
        return;
    block_cache_free(r->blocks);
    heap_free(r);
}

uint64_t rootfs_root(const struct rootfs *r) {
    return r->root;
}
