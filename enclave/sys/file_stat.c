/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Questions about files: the stat family in its three layouts, statfs, access, readlink.
 */
#include "base/heap.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define NS_PER_S    1000000000
#define STAT_FLAGS  (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT)
#define ACCESS_BITS 7u

static struct linux_timespec timespec_of(int64_t ns) {
    struct linux_timespec ts = {ns / NS_PER_S, ns % NS_PER_S};

    if (ts.nsec < 0) {
        ts.nsec += NS_PER_S;
        ts.sec--;
    }
    return ts;
}

static err put_stat(uaddr out, const struct file_attr *a) {
    const struct linux_stat st = {
        .dev = a->dev,
        .ino = a->ino,
        .nlink = a->nlink,
        .mode = a->mode,
        .uid = a->uid,
        .gid = a->gid,
        .rdev = a->rdev,
        .size = (int64_t)a->size,
        .blksize = a->blksize,
        .blocks = (int64_t)a->blocks,
        .atime = timespec_of(a->atime),
        .mtime = timespec_of(a->mtime),
        .ctime = timespec_of(a->ctime),
    };

    return user_put(out, &st);
}

static struct linux_statx_timestamp statx_time(int64_t ns) {
    struct linux_timespec ts = timespec_of(ns);

    return (struct linux_statx_timestamp){.sec = ts.sec, .nsec = (uint32_t)ts.nsec};
}

static err put_statx(uaddr out, const struct file_attr *a) {
    const struct linux_statx st = {
        .mask = STATX_BASIC_STATS | STATX_MNT_ID | (a->btime != 0 ? STATX_BTIME : 0),
        .blksize = a->blksize,
        .nlink = a->nlink,
        .uid = a->uid,
        .gid = a->gid,
        .mode = (uint16_t)a->mode,
        .ino = a->ino,
        .size = a->size,
        .blocks = a->blocks,
        .atime = statx_time(a->atime),
        .btime = statx_time(a->btime),
        .ctime = statx_time(a->ctime),
        .mtime = statx_time(a->mtime),
        .rdev_major = DEV_MAJOR(a->rdev),
        .rdev_minor = DEV_MINOR(a->rdev),
        .dev_major = DEV_MAJOR(a->dev),
        .dev_minor = DEV_MINOR(a->dev),
        .mnt_id = DEV_MINOR(a->dev),
    };

    return user_put(out, &st);
}

/* What the arguments of a *at call name: a file for "" with AT_EMPTY_PATH, else a dentry. */
struct target {
    struct user_path path;
    struct file *file;     /* borrowed from path */
    struct dentry *dentry; /* counted */
};

static void target_fini(struct target *x) {
    dentry_put(x->dentry);
    user_path_fini(&x->path);
}

static err target_find(struct target *x, struct task *t, fd_t dir, uaddr path, uint32_t flags) {
    uint32_t walk = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : WALK_FOLLOW;

    if ((flags & AT_EMPTY_PATH) == 0) {
        TRY(user_path(&x->path, t, dir, path));
        return path_lookup(&x->path.at, walk, &x->dentry);
    }
    TRY(user_path_or_file(&x->path, t, dir, path, &x->file));
    if (x->file != NULL)
        return OK;
    return path_lookup(&x->path.at, walk | WALK_EMPTY, &x->dentry);
}

static err target_stat(const struct target *x, struct file_attr *out) {
    return x->file != NULL ? file_stat(x->file, out) : inode_stat(x->dentry->inode, out);
}

static err stat_at(struct task *t, fd_t dir, uaddr path, uint32_t flags, struct file_attr *out) {
    OWNED(target_fini) struct target x = {0};

    TRY(target_find(&x, t, dir, path, flags));
    return target_stat(&x, out);
}

err sys_newfstatat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, u_out st,
                   at_flags flags) {
    struct file_attr attr;

    if ((flags & ~STAT_FLAGS) != 0)
        return ERR(EINVAL);
    TRY(stat_at(t, dir, path, flags, &attr));
    return put_stat(st, &attr);
}

err sys_stat(struct task *t, int64_t *ret, u_str path, u_out st) {
    return sys_newfstatat(t, ret, FD(FD_CWD), path, st, 0);
}

err sys_lstat(struct task *t, int64_t *ret, u_str path, u_out st) {
    return sys_newfstatat(t, ret, FD(FD_CWD), path, st, AT_SYMLINK_NOFOLLOW);
}

err sys_fstat(struct task *t, int64_t *ret, fd_t fd, u_out st) {
    OWNED(file_put_p) struct file *f = NULL;
    struct file_attr attr;

    TRY(task_file(t, fd, &f));
    TRY(file_stat(f, &attr));
    return put_stat(st, &attr);
}

err sys_statx(struct task *t, int64_t *ret, dirfd_t dir, u_str path, at_flags flags, uint32_t mask,
              u_out buf) {
    struct file_attr attr;

    if ((flags & ~(STAT_FLAGS | AT_STATX_SYNC_TYPE)) != 0 || (mask & STATX_RESERVED) != 0 ||
        (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
        return ERR(EINVAL);
    TRY(stat_at(t, dir, path, flags, &attr));
    return put_statx(buf, &attr);
}

static err put_statfs(uaddr out, const struct fs_usage *u, uint64_t dev) {
    const struct linux_statfs st = {
        .type = (int64_t)u->magic,
        .bsize = u->block_size,
        .blocks = u->blocks,
        .bfree = u->free_blocks,
        .bavail = u->free_blocks,
        .files = u->files,
        .ffree = u->free_files,
        .fsid = {(int32_t)dev, 0},
        .namelen = NAME_MAX,
        .frsize = u->block_size,
        .flags = ST_VALID | (u->read_only ? ST_RDONLY : 0),
    };

    return user_put(out, &st);
}

err sys_statfs(struct task *t, int64_t *ret, u_str path, u_out buf) {
    OWNED(target_fini) struct target x = {0};
    struct fs_usage usage = {0};
    struct fs *fs;

    TRY(target_find(&x, t, FD(FD_CWD), path, 0));
    fs = x.dentry->inode->fs;
    usage.read_only = fs->read_only;
    TRY(fs->ops->usage(fs, &usage));
    return put_statfs(buf, &usage, fs->dev);
}

err sys_fstatfs(struct task *t, int64_t *ret, fd_t fd, u_out buf) {
    OWNED(file_put_p) struct file *f = NULL;
    struct fs_usage usage;
    struct file_attr attr;

    TRY(task_file(t, fd, &f));
    TRY(file_usage(f, &usage));
    TRY(file_stat(f, &attr));
    return put_statfs(buf, &usage, attr.dev);
}

err sys_faccessat2(struct task *t, int64_t *ret, dirfd_t dir, u_str path, access_bits mode,
                   at_flags flags) {
    OWNED(target_fini) struct target x = {0};

    if ((mode & ~ACCESS_BITS) != 0 ||
        (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return ERR(EINVAL);
    TRY(target_find(&x, t, dir, path, flags));
    if (x.file == NULL)
        return vfs_access(x.dentry, mode);
    return file_dentry(x.file) != NULL ? vfs_access(file_dentry(x.file), mode) : OK;
}

err sys_faccessat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, access_bits mode) {
    return sys_faccessat2(t, ret, dir, path, mode, 0);
}

err sys_access(struct task *t, int64_t *ret, u_str path, access_bits mode) {
    return sys_faccessat2(t, ret, FD(FD_CWD), path, mode, 0);
}

static err put_link(struct dentry *d, uaddr buf, size_t len, int64_t *ret) {
    size_t room = min_u64(len, PATH_MAX);
    OWNED(heap_free_p) void *text = heap_alloc(room);
    size_t n;

    if (text == NULL)
        return ERR(ENOMEM);
    TRY(vfs_readlink(d, span_of(text, room), &n));
    TRY(user_write(buf, cspan_of(text, n)));
    *ret = (int64_t)n;
    return OK;
}

/* "" names the descriptor itself, which must be a symlink opened with O_PATH: else ENOENT. */
err sys_readlinkat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, u_out buf, size_t len) {
    OWNED(target_fini) struct target x = {0};
    struct dentry *d;

    if (len == 0 || len > INT32_MAX)
        return ERR(EINVAL);
    TRY(target_find(&x, t, dir, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH));
    d = x.file != NULL ? file_dentry(x.file) : x.dentry;
    if (x.path.at.path.n == 0 && (d == NULL || !inode_is(d->inode, S_IFLNK)))
        return ERR(ENOENT);
    return put_link(d, buf, len, ret);
}

err sys_readlink(struct task *t, int64_t *ret, u_str path, u_out buf, size_t len) {
    return sys_readlinkat(t, ret, FD(FD_CWD), path, buf, len);
}
