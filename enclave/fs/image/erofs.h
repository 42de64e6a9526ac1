/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Private to the EROFS reader: what an open volume and a loaded inode are, and how the bytes of a
 * file are found. erofs.c opens the volume, inode.c loads inodes, map.c finds pages, dir.c and
 * file.c answer questions about directories and files.
 */
#ifndef ENCLAVE_FS_IMAGE_EROFS_H
#define ENCLAVE_FS_IMAGE_EROFS_H

#include "enclave/fs/image/disk.h"
#include "enclave/fs/image/rootfs.h"

#define MODE_TYPE    0170000u
#define MODE_FIFO    0010000u
#define MODE_CHAR    0020000u
#define MODE_DIR     0040000u
#define MODE_BLOCK   0060000u
#define MODE_REGULAR 0100000u
#define MODE_LINK    0120000u
#define MODE_SOCKET  0140000u

struct rootfs {
    struct block_cache *blocks; /* owned */
    uint64_t size;              /* bytes of the volume */
    uint64_t meta_pos;          /* byte position of nid 0 */
    uint64_t root;
    int64_t build_sec; /* mtime of compact inodes */
    uint32_t build_nsec;
};

/* An inode whose fields make sense by themselves. */
struct inode {
    struct rootfs_stat stat;
    enum erofs_layout layout;
    uint64_t tail_pos; /* byte position behind the inode and its attributes */
    uint32_t u;        /* first block, chunk format or device number */
};

/* Copies metadata at a byte position, which may cross a block. EIO outside the volume. */
err meta_read(struct rootfs *r, uint64_t pos, span dst);

err inode_load(struct rootfs *r, uint64_t nid, struct inode *out);
bool inode_is(const struct inode *inode, uint32_t mode_type);
/* Pages of 4096 bytes, the last one perhaps partial. */
uint64_t inode_pages(const struct inode *inode);

/* The bytes of page `index`, cut at the end of the file, empty behind it. Borrows cached memory,
 * valid until the next call. */
err map_page(struct rootfs *r, const struct inode *inode, uint64_t index, cspan *out);
/* A hint that these pages will be read. */
void map_want(struct rootfs *r, const struct inode *inode, uint64_t index, uint64_t count);

/* Logs that a volume makes no sense at this nid, and gives EIO. */
err volume_bad(uint64_t nid, const char *what);

#endif
