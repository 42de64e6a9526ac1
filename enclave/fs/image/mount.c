/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An inode is a nid and the attributes, read once: the image never changes. Bytes go to the
 * program straight from the verified page, without a copy in between.
 */
#include "enclave/fs/image/mount.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/trap.h"

#define IMAGE_PAGE 4096u
#define NS_PER_S   1000000000

struct image_fs {
    struct fs fs;
    struct rootfs *rootfs; /* owned */
    uint64_t blocks;
};

struct image_inode {
    struct inode inode;
    struct rootfs_stat st;
};

static const struct inode_ops g_dir_ops, g_file_ops, g_link_ops, g_other_ops;

static struct rootfs *rootfs_of(struct inode *i) {
    return CONTAINER_OF(i->fs, struct image_fs, fs)->rootfs;
}

static const struct rootfs_stat *st_of(struct inode *i) {
    return &CONTAINER_OF(i, struct image_inode, inode)->st;
}

static const struct inode_ops *ops_for(uint32_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return &g_dir_ops;
    case S_IFREG:
        return &g_file_ops;
    case S_IFLNK:
        return &g_link_ops;
    default:
        return &g_other_ops;
    }
}

static err image_inode_new(struct image_fs *fs, uint64_t nid, struct inode **out) {
    struct image_inode *i = NEW(struct image_inode);
    err e;

    if (i == NULL)
        return ERR(ENOMEM);
    e = rootfs_stat(fs->rootfs, nid, &i->st);
    if (failed(e)) {
        heap_free(i);
        return e;
    }
    inode_init(&i->inode, ops_for(i->st.mode), &fs->fs, nid, i->st.mode);
    *out = &i->inode;
    return OK;
}

static err image_lookup(struct inode *dir, cspan name, struct inode **out) {
    uint64_t nid;
    err e = rootfs_lookup(rootfs_of(dir), st_of(dir)->nid, name, &nid);

    if (e.no == EIO)
        log_err("fs", "looking up %.*s in the image failed", (int)name.n, (const char *)name.p);
    TRY(e);
    return image_inode_new(CONTAINER_OF(dir->fs, struct image_fs, fs), nid, out);
}

static bool is_dots(const struct rootfs_dirent *e) {
    cspan name = cspan_of(e->name, e->name_size);

    return cspan_equal(name, CSPAN_LIT(".")) || cspan_equal(name, CSPAN_LIT(".."));
}

static err image_next(struct inode *dir, uint64_t pos, struct dir_entry *out, bool *found) {
    struct rootfs_dirent e;

    do {
        TRY(rootfs_readdir(rootfs_of(dir), st_of(dir)->nid, pos, &e));
        pos = e.next;
    } while (e.name_size > 0 && is_dots(&e));
    *found = e.name_size > 0;
    if (!*found)
        return OK;
    out->ino = e.nid;
    out->next = e.next;
    out->mode = e.type << 12;
    out->name_size = e.name_size;
    mem_copy(out->name, e.name, e.name_size + 1);
    return OK;
}

static err image_stat(struct inode *i, struct file_attr *out) {
    const struct rootfs_stat *st = st_of(i);

    out->nlink = st->nlink;
    out->uid = st->uid;
    out->gid = st->gid;
    out->rdev = st->rdev;
    out->size = st->size;
    out->blocks = st->size / 512 + (st->size % 512 != 0);
    out->blksize = IMAGE_PAGE;
    if (st->mtime_sec > -INT64_MAX / NS_PER_S && st->mtime_sec < INT64_MAX / NS_PER_S)
        out->mtime = st->mtime_sec * NS_PER_S + st->mtime_nsec;
    out->atime = out->ctime = out->mtime;
    return OK;
}

/* The bytes of one page from off on. */
static err image_piece(struct inode *i, uint64_t off, cspan *out) {
    cspan page;

    TRY(rootfs_page(rootfs_of(i), st_of(i)->nid, off / IMAGE_PAGE, &page));
    if (!cspan_from(out, page, off % IMAGE_PAGE))
        *out = (cspan){0};
    return OK;
}

static err image_read(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    while (u->left > 0 && off < st_of(i)->size) {
        size_t moved = 0;
        cspan piece;
        err e = image_piece(i, off, &piece);

        if (!failed(e) && piece.n > 0)
            e = uio_put(u, piece, &moved);
        if (failed(e))
            return *done > 0 && e.no != EIO ? OK : e;
        if (moved == 0)
            return OK;
        off += moved;
        *done += moved;
    }
    return OK;
}

static err image_readlink(struct inode *i, span buf, size_t *n) {
    return rootfs_readlink(rootfs_of(i), st_of(i)->nid, buf, n);
}

static err other_open(struct inode *i, uint32_t flags, struct file **out) {
    return ERR(ENXIO); /* devices and pipes of the image lead nowhere */
}

static void image_free(struct inode *i) {
    heap_free(CONTAINER_OF(i, struct image_inode, inode));
}

static const struct inode_ops g_dir_ops = {
    .lookup = image_lookup, .next = image_next, .stat = image_stat, .free = image_free};
static const struct inode_ops g_file_ops = {
    .read = image_read, .stat = image_stat, .free = image_free};
static const struct inode_ops g_link_ops = {
    .readlink = image_readlink, .stat = image_stat, .free = image_free};
static const struct inode_ops g_other_ops = {
    .open = other_open, .stat = image_stat, .free = image_free};

static err image_usage(struct fs *fs, struct fs_usage *out) {
    out->magic = EROFS_SUPER_MAGIC;
    out->block_size = IMAGE_PAGE;
    out->blocks = CONTAINER_OF(fs, struct image_fs, fs)->blocks;
    return OK;
}

static void imagefs_free(struct fs *fs) {
    struct image_fs *image = CONTAINER_OF(fs, struct image_fs, fs);

    inode_put(fs->root);
    rootfs_close(image->rootfs);
    heap_free(image);
}

static const struct fs_ops g_imagefs_ops = {.usage = image_usage, .free = imagefs_free};

err imagefs_new(struct block_source *source, const struct rootfs_params *params, struct fs **out) {
    struct image_fs *image = NEW(struct image_fs);
    err e;

    if (image == NULL)
        return ERR(ENOMEM);
    image->fs = (struct fs){.ops = &g_imagefs_ops, .type = "erofs", .read_only = true};
    image->blocks = params->data_blocks;
    e = rootfs_open(source, params, &image->rootfs);
    if (failed(e)) {
        heap_free(image);
        return e;
    }
    e = image_inode_new(image, rootfs_root(image->rootfs), &image->fs.root);
    if (failed(e)) {
        rootfs_close(image->rootfs);
        heap_free(image);
        return e;
    }
    *out = &image->fs;
    return OK;
}
