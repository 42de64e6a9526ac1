/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Making, describing and freeing nodes, and the file system itself. Freeing the file system takes
 * the tree apart leaf by leaf: a directory is emptied into a list of directories still to empty,
 * so nothing recurses.
 */
#include "enclave/fs/tmp/node.h"

#include "base/heap.h"
#include "base/trap.h"

static const struct inode_ops *ops_for(uint32_t mode) {
    if (mode_is(mode, S_IFDIR))
        return &tmp_dir_ops;
    return mode_is(mode, S_IFLNK) ? &tmp_link_ops : &tmp_file_ops;
}

err tmp_node_new(struct tmp_fs *fs, uint32_t mode, struct tmp_node **out) {
    struct tmp_node *n = NEW(struct tmp_node);

    if (n == NULL)
        return ERR(ENOMEM);
    inode_init(&n->inode, ops_for(mode), &fs->fs, ++fs->last_ino, mode);
    n->nlink = mode_is(mode, S_IFDIR) ? 2 : 1;
    n->atime = n->mtime = n->ctime = n->btime = fs_now();
    fs->nodes++;
    *out = n;
    return OK;
}

void tmp_touch(struct tmp_node *n) {
    n->mtime = n->ctime = fs_now();
}

static uint64_t used_blocks(const struct tmp_node *n) {
    uint64_t used = 0;

    for (size_t i = 0; i < n->data.room; i++)
        used += n->data.blocks[i] != NULL;
    return used;
}

err tmp_stat(struct inode *i, struct file_attr *out) {
    const struct tmp_node *n = node_of(i);

    out->nlink = n->nlink;
    out->uid = n->uid;
    out->gid = n->gid;
    out->size = n->data.size;
    if (inode_is(i, S_IFLNK))
        out->size = n->target_size;
    if (inode_is(i, S_IFDIR))
        out->size = 40 + 20 * n->entries;
    out->blocks = used_blocks(n) * (TMPFS_BLOCK / 512);
    out->blksize = TMPFS_BLOCK;
    out->atime = n->atime;
    out->mtime = n->mtime;
    out->ctime = n->ctime;
    out->btime = n->btime;
    return OK;
}

/* A program that changes hands must not run as its new owner. */
static void drop_set_id(struct inode *i) {
    if (inode_is(i, S_IFDIR))
        return;
    i->mode &= ~S_ISUID;
    if ((i->mode & 010) != 0)
        i->mode &= ~S_ISGID;
}

err tmp_change(struct inode *i, const struct file_change *c) {
    struct tmp_node *n = node_of(i);

    if ((c->what & CHANGE_SIZE) != 0) {
        TRY(tmp_resize(n, c->size));
        tmp_touch(n);
    }
    /* commit */
    if ((c->what & CHANGE_MODE) != 0)
        i->mode = (i->mode & S_IFMT) | (c->mode & 07777);
    if ((c->what & (CHANGE_UID | CHANGE_GID)) != 0)
        drop_set_id(i);
    if ((c->what & CHANGE_UID) != 0)
        n->uid = c->uid;
    if ((c->what & CHANGE_GID) != 0)
        n->gid = c->gid;
    if ((c->what & CHANGE_ATIME) != 0)
        n->atime = c->atime;
    if ((c->what & CHANGE_MTIME) != 0)
        n->mtime = c->mtime;
    n->ctime = fs_now();
    return OK;
}

void tmp_free(struct inode *i) {
    struct tmp_node *n = node_of(i);

    CHECK(n->first == NULL);
    tmp_fs_of(i)->nodes--;
    tmp_data_free(n);
    heap_free(n->target);
    heap_free(n);
}

static err tmp_usage(struct fs *fs, struct fs_usage *out) {
    const struct tmp_fs *t = CONTAINER_OF(fs, struct tmp_fs, fs);

    out->magic = TMPFS_MAGIC;
    out->block_size = TMPFS_BLOCK;
    out->blocks = t->max_blocks;
    out->free_blocks = t->max_blocks - t->blocks;
    out->files = t->max_blocks;
    out->free_files = t->max_blocks - min_u64(t->nodes, t->max_blocks);
    return OK;
}

/* Takes the first entry of the deepest directory on the chain down from the root. */
static struct tmp_node *deepest(struct tmp_node *dir) {
    while (dir->first != NULL && dir->first->node->first != NULL)
        dir = dir->first->node;
    return dir;
}

static void tmp_fs_free(struct fs *fs) {
    struct tmp_fs *t = CONTAINER_OF(fs, struct tmp_fs, fs);
    struct tmp_node *root = node_of(fs->root);

    while (root->first != NULL) {
        struct tmp_node *dir = deepest(root);
        struct tmp_entry *e = dir->first;

        dir->first = e->next;
        inode_put(&e->node->inode);
        heap_free(e->name);
        heap_free(e);
    }
    inode_put(fs->root);
    CHECK(t->nodes == 0);
    heap_free(t);
}

static const struct fs_ops g_tmp_fs_ops = {.usage = tmp_usage, .free = tmp_fs_free};

err tmpfs_new(uint64_t size, uint32_t root_mode, struct fs **out) {
    struct tmp_fs *t = NEW(struct tmp_fs);
    struct tmp_node *root;
    err e;

    if (t == NULL)
        return ERR(ENOMEM);
    t->fs = (struct fs){.ops = &g_tmp_fs_ops, .type = "tmpfs"};
    t->max_blocks = size / TMPFS_BLOCK;
    e = tmp_node_new(t, S_IFDIR | root_mode, &root);
    if (failed(e)) {
        heap_free(t);
        return e;
    }
    t->fs.root = &root->inode;
    *out = &t->fs;
    return OK;
}
