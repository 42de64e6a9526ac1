/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Opening and closing.
 */
#include "base/mem.h"
#include "enclave/file/fdtable.h"
#include "enclave/proc/process.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define OPEN_KNOWN                                                                                 \
    (O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_DSYNC |         \
     O_ASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC |         \
     O_SYNC | O_PATH | O_TMPFILE)
#define RESOLVE_KNOWN                                                                              \
    (RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH |             \
     RESOLVE_IN_ROOT)

static err open_at(struct task *t, int64_t *ret, fd_t dir, uaddr path,
                   const struct linux_open_how *how) {
    OWNED(user_path_fini) struct user_path p = {0};
    OWNED(file_put_p) struct file *f = NULL;
    uint32_t flags = (uint32_t)how->flags;
    int no;

    TRY(user_path(&p, t, dir, path));
    p.at.resolve = (uint32_t)how->resolve;
    TRY(vfs_open(&p.at, flags, (uint32_t)how->mode, &f));
    TRY(fd_install(t->proc->files, f, 0, (flags & O_CLOEXEC) != 0, &no));
    *ret = no;
    return OK;
}

err sys_openat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, open_flags flags,
               file_mode mode) {
    const struct linux_open_how how = {.flags = (flags & OPEN_KNOWN) | O_LARGEFILE, .mode = mode};

    return open_at(t, ret, dir, path, &how);
}

err sys_open(struct task *t, int64_t *ret, u_str path, open_flags flags, file_mode mode) {
    return sys_openat(t, ret, FD(FD_CWD), path, flags, mode);
}

err sys_creat(struct task *t, int64_t *ret, u_str path, file_mode mode) {
    return sys_openat(t, ret, FD(FD_CWD), path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* Bytes behind the structure we know must be zero: a newer program asks for nothing more. */
static err get_how(struct linux_open_how *how, uaddr at, size_t size) {
    uint64_t extra;
    uaddr next;

    if (size < sizeof(*how))
        return ERR(EINVAL);
    if (size > 4096 || size % 8 != 0)
        return ERR(E2BIG);
    TRY(user_get(how, at));
    for (size_t off = sizeof(*how); off < size; off += sizeof(extra)) {
        if (!uaddr_add(&next, at, off))
            return ERR(EFAULT);
        TRY(user_get(&extra, next));
        if (extra != 0)
            return ERR(E2BIG);
    }
    return OK;
}

err sys_openat2(struct task *t, int64_t *ret, dirfd_t dir, u_str path, u_in how, size_t how_size) {
    const uint64_t scoped = RESOLVE_BENEATH | RESOLVE_IN_ROOT;
    struct linux_open_how h;

    TRY(get_how(&h, how, how_size));
    if ((h.flags & ~(uint64_t)OPEN_KNOWN) != 0 || (h.resolve & ~(uint64_t)RESOLVE_KNOWN) != 0 ||
        (h.resolve & scoped) == scoped)
        return ERR(EINVAL);
    if ((h.mode & ~07777ull) != 0 || (h.mode != 0 && (h.flags & O_CREAT) == 0))
        return ERR(EINVAL);
    h.flags |= O_LARGEFILE;
    return open_at(t, ret, dir, path, &h);
}

err sys_close(struct task *t, int64_t *ret, fd_t fd) {
    return fd_close(t->proc->files, fd);
}

err sys_close_range(struct task *t, int64_t *ret, uint32_t first, uint32_t last, uint32_t flags) {
    struct fdtable *files = t->proc->files;

    if ((flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE)) != 0 || first > last)
        return ERR(EINVAL);
    if (first >= FD_LIMIT)
        return OK;
    for (int no = fd_next(files, (int)first); no >= 0 && (uint32_t)no <= last;
         no = fd_next(files, no + 1)) {
        if ((flags & CLOSE_RANGE_CLOEXEC) != 0)
            TRY(fd_set_cloexec(files, FD(no), true));
        else
            TRY(fd_close(files, FD(no)));
    }
    return OK;
}
