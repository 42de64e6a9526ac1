/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Changes of a file's attributes: mode, owner, times, size by path. Each call fills a struct
 * file_change and applies it to what its arguments name.
 */
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define CWD       FD(FD_CWD)
#define NS_PER_S  1000000000
#define NS_PER_US 1000
#define NO_ID     UINT32_MAX

static err change_at(struct task *t, fd_t dir, uaddr path, uint32_t flags,
                     const struct file_change *c) {
    OWNED(user_path_fini) struct user_path p = {0};
    OWNED(dentry_put_p) struct dentry *d = NULL;
    struct file *itself = NULL;
    uint32_t walk = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : WALK_FOLLOW;

    if ((flags & AT_EMPTY_PATH) != 0)
        TRY(user_path_or_file(&p, t, dir, path, &itself));
    else
        TRY(user_path(&p, t, dir, path));
    if (itself != NULL)
        return file_change(itself, c);
    TRY(path_lookup(&p.at, walk | WALK_EMPTY, &d));
    return inode_change(d->inode, c);
}

static err change_fd(struct task *t, fd_t fd, const struct file_change *c) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_real_file(t, fd, &f));
    return file_change(f, c);
}

err sys_fchmodat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, file_mode mode) {
    const struct file_change c = {.what = CHANGE_MODE, .mode = mode & 07777};

    return change_at(t, dir, path, 0, &c);
}

err sys_chmod(struct task *t, int64_t *ret, u_str path, file_mode mode) {
    return sys_fchmodat(t, ret, CWD, path, mode);
}

err sys_fchmod(struct task *t, int64_t *ret, fd_t fd, file_mode mode) {
    const struct file_change c = {.what = CHANGE_MODE, .mode = mode & 07777};

    return change_fd(t, fd, &c);
}

static struct file_change owner(uint32_t uid, uint32_t gid) {
    return (struct file_change){.what = (uid != NO_ID ? CHANGE_UID : 0) |
                                        (gid != NO_ID ? CHANGE_GID : 0),
                                .uid = uid,
                                .gid = gid};
}

err sys_fchownat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, uint32_t uid, uint32_t gid,
                 at_flags flags) {
    const struct file_change c = owner(uid, gid);

    if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return ERR(EINVAL);
    return change_at(t, dir, path, flags, &c);
}

err sys_chown(struct task *t, int64_t *ret, u_str path, uint32_t uid, uint32_t gid) {
    return sys_fchownat(t, ret, CWD, path, uid, gid, 0);
}

err sys_lchown(struct task *t, int64_t *ret, u_str path, uint32_t uid, uint32_t gid) {
    return sys_fchownat(t, ret, CWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

err sys_fchown(struct task *t, int64_t *ret, fd_t fd, uint32_t uid, uint32_t gid) {
    const struct file_change c = owner(uid, gid);

    return change_fd(t, fd, &c);
}

err sys_truncate(struct task *t, int64_t *ret, u_str path, file_off size) {
    OWNED(user_path_fini) struct user_path p = {0};
    OWNED(dentry_put_p) struct dentry *d = NULL;
    const struct file_change c = {.what = CHANGE_SIZE, .size = (uint64_t)size};

    if (size < 0)
        return ERR(EINVAL);
    TRY(user_path(&p, t, CWD, path));
    TRY(path_lookup(&p.at, WALK_FOLLOW, &d));
    if (!inode_is(d->inode, S_IFREG))
        return ERR(inode_is(d->inode, S_IFDIR) ? EISDIR : EINVAL);
    return inode_change(d->inode, &c);
}

/* One of the two times of utimensat; *wanted says whether it changes at all. */
static err one_time(const struct linux_timespec *ts, int64_t now, int64_t *out, bool *wanted) {
    int64_t ns;

    *wanted = ts->nsec != UTIME_OMIT;
    *out = now;
    if (ts->nsec == UTIME_OMIT || ts->nsec == UTIME_NOW)
        return OK;
    if (ts->nsec < 0 || ts->nsec >= NS_PER_S)
        return ERR(EINVAL);
    if (!mul_ok(&ns, ts->sec, (int64_t)NS_PER_S) || !add_ok(out, ns, ts->nsec))
        *out = ts->sec < 0 ? INT64_MIN : INT64_MAX; /* as a file system clamps its range */
    return OK;
}

static err times_of(const struct linux_timespec ts[2], struct file_change *c) {
    int64_t now = fs_now();
    bool a;
    bool m;

    TRY(one_time(&ts[0], now, &c->atime, &a));
    TRY(one_time(&ts[1], now, &c->mtime, &m));
    c->what = (a ? CHANGE_ATIME : 0) | (m ? CHANGE_MTIME : 0);
    return OK;
}

static err set_times(struct task *t, fd_t dir, uaddr path, uint32_t flags,
                     const struct linux_timespec ts[2]) {
    struct file_change c = {0};

    TRY(times_of(ts, &c));
    if (c.what == 0)
        return OK;
    if (uaddr_is_null(path) && dir.no != FD_CWD)
        return flags == 0 ? change_fd(t, dir, &c) : ERR(EINVAL);
    return change_at(t, dir, path, flags, &c);
}

static const struct linux_timespec g_now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};

err sys_utimensat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, u_in times,
                  at_flags flags) {
    struct linux_timespec ts[2];

    if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return ERR(EINVAL);
    if (uaddr_is_null(times))
        return set_times(t, dir, path, flags, g_now);
    TRY(user_read(SPAN_OF(ts), times));
    return set_times(t, dir, path, flags, ts);
}

/* struct timeval[2]: microseconds. */
err sys_futimesat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, u_in times) {
    struct linux_timespec ts[2];

    if (uaddr_is_null(times))
        return set_times(t, dir, path, 0, g_now);
    TRY(user_read(SPAN_OF(ts), times));
    for (int i = 0; i < 2; i++) {
        if (ts[i].nsec < 0 || ts[i].nsec >= NS_PER_S / NS_PER_US)
            return ERR(EINVAL);
        ts[i].nsec *= NS_PER_US;
    }
    return set_times(t, dir, path, 0, ts);
}

err sys_utimes(struct task *t, int64_t *ret, u_str path, u_in times) {
    return sys_futimesat(t, ret, CWD, path, times);
}

/* struct utimbuf: two times in seconds. */
err sys_utime(struct task *t, int64_t *ret, u_str path, u_in times) {
    struct linux_timespec ts[2] = {{0, 0}, {0, 0}};
    int64_t seconds[2];

    if (uaddr_is_null(times))
        return set_times(t, CWD, path, 0, g_now);
    TRY(user_read(SPAN_OF(seconds), times));
    ts[0].sec = seconds[0];
    ts[1].sec = seconds[1];
    return set_times(t, CWD, path, 0, ts);
}
