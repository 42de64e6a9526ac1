/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Questions about a dentry that need no open file.
 */
#include "base/mem.h"
#include "enclave/fs/vfs/vfs.h"

err vfs_readlink(struct dentry *d, span buf, size_t *n) {
    if (!inode_is(d->inode, S_IFLNK) || d->inode->ops->readlink == NULL)
        return ERR(EINVAL);
    return d->inode->ops->readlink(d->inode, buf, n);
}

err vfs_access(struct dentry *d, uint32_t mode) {
    const struct inode *i = d->inode;

    if ((mode & W_OK) != 0)
        TRY(inode_check_writable(i));
    if ((mode & X_OK) != 0 && !inode_is(i, S_IFDIR) && (i->mode & 0111) == 0)
        return ERR(EACCES);
    return OK;
}

err vfs_path(struct fs_context *fs, struct dentry *d, span buf, size_t *n) {
    bool reached;

    if (d->removed)
        return ERR(ENOENT);
    return dentry_path(d, fs->root, buf, n, &reached);
}
