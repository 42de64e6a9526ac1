/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Counting of inodes and the few operations that are the same for all file systems.
 */
#include "enclave/fs/vfs/inode.h"

#include "base/trap.h"
#include "enclave/host/call.h"

#define REFS_MAX       0x40000000u
#define CLOCK_REALTIME 0u

void inode_init(struct inode *i, const struct inode_ops *ops, struct fs *fs, uint64_t ino,
                uint32_t mode) {
    i->ops = ops;
    i->fs = fs;
    i->refs = 1;
    i->mode = mode;
    i->ino = ino;
}

struct inode *inode_get(struct inode *i) {
    CHECK(i->refs > 0 && i->refs < REFS_MAX);
    i->refs++;
    return i;
}

void inode_put(struct inode *i) {
    if (i == NULL)
        return;
    CHECK(i->refs > 0);
    if (--i->refs == 0)
        i->ops->free(i);
}

err inode_stat(struct inode *i, struct file_attr *out) {
    *out = (struct file_attr){
        .dev = i->fs->dev, .ino = i->ino, .mode = i->mode, .nlink = 1, .blksize = 4096};
    return i->ops->stat != NULL ? i->ops->stat(i, out) : OK;
}

err inode_check_writable(const struct inode *i) {
    bool data = inode_is(i, S_IFREG) || inode_is(i, S_IFDIR) || inode_is(i, S_IFLNK);

    return i->fs->read_only && data ? ERR(EROFS) : OK;
}

err inode_change(struct inode *i, const struct file_change *c) {
    if (i->fs->read_only)
        return ERR(EROFS);
    if (i->ops->change == NULL)
        return ERR(EPERM);
    return i->ops->change(i, c);
}

int64_t fs_now(void) {
    uint64_t ns;

    if (failed(host_clock(CLOCK_REALTIME, &ns)) || ns > INT64_MAX)
        return 0;
    return (int64_t)ns;
}
