/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One table: name, mode, device number, what reading and writing do. Inodes are made by lookup and
 * hold nothing but their row.
 */
#include "enclave/fs/dev/dev.h"

#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"
#include "enclave/crypto/random.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/fs/stdio/tty.h"

#define CHUNK 256u /* bytes a device makes at a time */

struct device {
    const char *name;
    const struct inode_ops *ops;
    uint32_t mode;
    uint64_t rdev;
    const char *target; /* symlinks */
};

struct dev_inode {
    struct inode inode;
    const struct device *device; /* NULL: the root */
};

struct dev_fs {
    struct fs fs;
};

static const struct device *device_of(struct inode *i) {
    return CONTAINER_OF(i, struct dev_inode, inode)->device;
}

static err dev_stat(struct inode *i, struct file_attr *out) {
    const struct device *d = device_of(i);

    out->nlink = inode_is(i, S_IFDIR) ? 2 : 1;
    out->atime = out->mtime = out->ctime = fs_now();
    if (d != NULL) {
        out->rdev = d->rdev;
        if (d->rdev == STDIO_TTY_RDEV)
            out->dev = 0; /* like fstat of the terminal itself: ttyname() compares */
        out->size = d->target != NULL ? str_len(d->target, PATH_MAX) : 0;
    }
    return OK;
}

static err dev_readlink(struct inode *i, span buf, size_t *n) {
    const char *target = device_of(i)->target;

    *n = min_u64(str_len(target, PATH_MAX), buf.n);
    mem_copy(buf.p, target, *n);
    return OK;
}

static void dev_free(struct inode *i) {
    heap_free(CONTAINER_OF(i, struct dev_inode, inode));
}

static err null_read(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    return OK;
}

/* What goes into a sink is counted and not even read, as Linux does it. */
static err null_write(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    *done = u->left;
    return OK;
}

static err full_write(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    return ERR(ENOSPC);
}

static err zero_read(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    static const uint8_t zeros[4096];

    while (u->left > 0) {
        size_t moved;
        err e = uio_put(u, CSPAN_OF(zeros), &moved);

        if (failed(e))
            return *done > 0 ? OK : e;
        *done += moved;
    }
    return OK;
}

static err random_read(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    uint8_t bytes[CHUNK];

    while (u->left > 0) {
        size_t moved;
        err e = random_fill(SPAN_OF(bytes));

        if (!failed(e))
            e = uio_put(u, CSPAN_OF(bytes), &moved);
        if (failed(e))
            return *done > 0 ? OK : e;
        *done += moved;
    }
    mem_wipe(bytes, sizeof(bytes));
    return OK;
}

static err tty_open(struct inode *i, uint32_t flags, struct file **out) {
    return stdio_open_tty(out);
}

/* chmod and the like: the table is the truth. */
static err dev_change(struct inode *i, const struct file_change *c) {
    if ((c->what & (CHANGE_MODE | CHANGE_UID | CHANGE_GID)) != 0)
        return ERR(EPERM);
    return OK;
}

#define DEVICE_COMMON .stat = dev_stat, .change = dev_change, .free = dev_free
static const struct inode_ops g_null = {.read = null_read, .write = null_write, DEVICE_COMMON};
static const struct inode_ops g_zero = {.read = zero_read, .write = null_write, DEVICE_COMMON};
static const struct inode_ops g_full = {.read = zero_read, .write = full_write, DEVICE_COMMON};
static const struct inode_ops g_random = {.read = random_read, .write = null_write, DEVICE_COMMON};
static const struct inode_ops g_tty = {.open = tty_open, DEVICE_COMMON};
static const struct inode_ops g_link = {.readlink = dev_readlink, DEVICE_COMMON};
static const struct inode_ops g_dir = {DEVICE_COMMON}; /* a mount point */

/* The place in the table gives the inode number: row + 2. tty is at STDIO_TTY_INO. */
static const struct device g_devices[] = {
    {"null", &g_null, S_IFCHR | 0666, DEV_NUMBER(1u, 3u), NULL},
    {"zero", &g_zero, S_IFCHR | 0666, DEV_NUMBER(1u, 5u), NULL},
    {"full", &g_full, S_IFCHR | 0666, DEV_NUMBER(1u, 7u), NULL},
    {"random", &g_random, S_IFCHR | 0666, DEV_NUMBER(1u, 8u), NULL},
    {"urandom", &g_random, S_IFCHR | 0666, DEV_NUMBER(1u, 9u), NULL},
    {"shm", &g_dir, S_IFDIR | 01777, 0, NULL},
    {"fd", &g_link, S_IFLNK | 0777, 0, "/proc/self/fd"},
    {"tty", &g_tty, S_IFCHR | 0666, STDIO_TTY_RDEV, NULL},
    {"stdin", &g_link, S_IFLNK | 0777, 0, "/proc/self/fd/0"},
    {"stdout", &g_link, S_IFLNK | 0777, 0, "/proc/self/fd/1"},
    {"stderr", &g_link, S_IFLNK | 0777, 0, "/proc/self/fd/2"},
};

static uint64_t ino_of(size_t row) {
    return row + 2;
}

static err dev_inode_new(struct fs *fs, size_t row, struct inode **out) {
    const struct device *d = &g_devices[row];
    struct dev_inode *i = NEW(struct dev_inode);

    if (i == NULL)
        return ERR(ENOMEM);
    inode_init(&i->inode, d->ops, fs, ino_of(row), d->mode);
    i->device = d;
    *out = &i->inode;
    return OK;
}

static err root_lookup(struct inode *dir, cspan name, struct inode **out) {
    for (size_t row = 0; row < COUNT_OF(g_devices); row++) {
        const char *have = g_devices[row].name;

        if (cspan_equal(cspan_of(have, str_len(have, NAME_MAX)), name))
            return dev_inode_new(dir->fs, row, out);
    }
    return ERR(ENOENT);
}

static err root_next(struct inode *dir, uint64_t pos, struct dir_entry *out, bool *found) {
    const struct device *d;

    *found = pos < COUNT_OF(g_devices);
    if (!*found)
        return OK;
    d = &g_devices[pos];
    out->ino = ino_of(pos);
    out->next = pos + 1;
    out->mode = d->mode & S_IFMT;
    out->name_size = str_len(d->name, NAME_MAX);
    mem_copy(out->name, d->name, out->name_size + 1);
    return OK;
}

static const struct inode_ops g_root = {.lookup = root_lookup, .next = root_next, DEVICE_COMMON};

static err devfs_usage(struct fs *fs, struct fs_usage *out) {
    out->magic = TMPFS_MAGIC;
    out->block_size = 4096;
    return OK;
}

static void devfs_free(struct fs *fs) {
    inode_put(fs->root);
    heap_free(CONTAINER_OF(fs, struct dev_fs, fs));
}

static const struct fs_ops g_devfs_ops = {.usage = devfs_usage, .free = devfs_free};

err devfs_new(struct fs **out) {
    struct dev_fs *fs = NEW(struct dev_fs);
    struct dev_inode *root = NEW(struct dev_inode);

    if (fs == NULL || root == NULL) {
        heap_free(fs);
        heap_free(root);
        return ERR(ENOMEM);
    }
    fs->fs = (struct fs){.ops = &g_devfs_ops, .type = "devtmpfs", .root = &root->inode};
    inode_init(&root->inode, &g_root, &fs->fs, 1, S_IFDIR | 0755);
    *out = &fs->fs;
    return OK;
}
