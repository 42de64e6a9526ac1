/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Mounts are made at start and stay until the end, so the table only grows. Mounting ties three
 * dentries: point -> root of the new file system (mounted), and back (covers).
 */
#include "enclave/fs/vfs/mount.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/trap.h"
#include "enclave/fs/vfs/walk.h"

static struct mount g_mounts[MOUNTS_MAX];
static size_t g_count;

static void stub_free(struct inode *i) {
    heap_free(i);
}

static const struct inode_ops g_stub_ops = {.free = stub_free};

/* A directory that only exists to be covered. */
static err stub_point(const struct path_at *at, struct dentry **out) {
    OWNED(dentry_put_p) struct dentry *dir = NULL;
    OWNED(inode_put_p) struct inode *i = NULL;
    struct path_last last;

    TRY(path_parent(at, &dir, &last));
    if (last.kind != LAST_NAME)
        return ERR(EBUSY);
    i = NEW(struct inode);
    if (i == NULL)
        return ERR(ENOMEM);
    inode_init(i, &g_stub_ops, dir->inode->fs, UINT32_MAX - g_count, S_IFDIR | 0555);
    return dentry_add(dir, last_name(&last), i, out);
}

static err find_point(const struct path_at *at, struct dentry **out) {
    err e = path_lookup(at, WALK_FOLLOW | WALK_DIRECTORY, out);

    return e.no == ENOENT ? stub_point(at, out) : e;
}

/* Enters fs into the table; it is owned by the table from then on. */
static err add(struct fs *fs, struct dentry **root) {
    fs->dev = DEV_NUMBER(0, (uint64_t)g_count + 1);
    if (g_count == MOUNTS_MAX || failed(dentry_new_root(fs->root, root))) {
        fs->ops->free(fs);
        return ERR(ENOMEM);
    }
    g_mounts[g_count++] = (struct mount){fs, *root};
    return OK;
}

err vfs_mount_root(struct fs *fs, struct fs_context **out) {
    struct dentry *root;

    CHECK(g_count == 0);
    TRY(add(fs, &root));
    return fs_context_new(root, out);
}

err vfs_mount(struct fs_context *c, cspan path, struct fs *fs) {
    const struct path_at at = {.fs = c, .path = path};
    struct dentry *point;
    struct dentry *root;
    err e = find_point(&at, &point);

    if (failed(e)) {
        fs->ops->free(fs);
        return e;
    }
    e = add(fs, &root);
    if (failed(e)) {
        dentry_put(point);
        return e;
    }
    root->covers = point;
    point->mounted = dentry_get(root);
    return OK;
}

static void unmount(struct mount *m) {
    struct dentry *point = m->root->covers;

    if (point != NULL) {
        m->root->covers = NULL;
        dentry_put(point->mounted);
        point->mounted = NULL;
        dentry_put(point);
    }
    dentry_shrink();
    CHECK(m->root->refs == 1);
    dentry_put(m->root);
    m->fs->ops->free(m->fs);
    *m = (struct mount){0};
}

void vfs_stop(void) {
    while (g_count > 0)
        unmount(&g_mounts[--g_count]);
}

const struct mount *mount_at(size_t index) {
    return index < g_count ? &g_mounts[index] : NULL;
}

err vfs_sync(void) {
    return OK; /* no file system so far has anything that is not where it belongs */
}
