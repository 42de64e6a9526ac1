/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Changes of the tree: names come, go and move. The old calls are the *at ones at the working
 * directory.
 */
#include "base/heap.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define CWD FD(FD_CWD)

err sys_mkdirat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, file_mode mode) {
    OWNED(user_path_fini) struct user_path p = {0};

    TRY(user_path(&p, t, dir, path));
    return vfs_mkdir(&p.at, mode);
}

err sys_mkdir(struct task *t, int64_t *ret, u_str path, file_mode mode) {
    return sys_mkdirat(t, ret, CWD, path, mode);
}

err sys_unlinkat(struct task *t, int64_t *ret, dirfd_t dir, u_str path, at_flags flags) {
    OWNED(user_path_fini) struct user_path p = {0};

    if ((flags & ~AT_REMOVEDIR) != 0)
        return ERR(EINVAL);
    TRY(user_path(&p, t, dir, path));
    return flags != 0 ? vfs_rmdir(&p.at) : vfs_unlink(&p.at);
}

err sys_unlink(struct task *t, int64_t *ret, u_str path) {
    return sys_unlinkat(t, ret, CWD, path, 0);
}

err sys_rmdir(struct task *t, int64_t *ret, u_str path) {
    return sys_unlinkat(t, ret, CWD, path, AT_REMOVEDIR);
}

err sys_renameat2(struct task *t, int64_t *ret, dirfd_t from_dir, u_str from, dirfd_t to_dir,
                  u_str to, uint32_t flags) {
    OWNED(user_path_fini) struct user_path a = {0};
    OWNED(user_path_fini) struct user_path b = {0};

    if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)) != 0)
        return ERR(EINVAL);
    TRY(user_path(&a, t, from_dir, from));
    TRY(user_path(&b, t, to_dir, to));
    return vfs_rename(&a.at, &b.at, flags);
}

err sys_renameat(struct task *t, int64_t *ret, dirfd_t from_dir, u_str from, dirfd_t to_dir,
                 u_str to) {
    return sys_renameat2(t, ret, from_dir, from, to_dir, to, 0);
}

err sys_rename(struct task *t, int64_t *ret, u_str from, u_str to) {
    return sys_renameat2(t, ret, CWD, from, CWD, to, 0);
}

static err link_file(struct file *f, const struct path_at *to) {
    return file_dentry(f) != NULL ? vfs_link(file_dentry(f), to) : ERR(EXDEV);
}

err sys_linkat(struct task *t, int64_t *ret, dirfd_t from_dir, u_str from, dirfd_t to_dir, u_str to,
               at_flags flags) {
    OWNED(user_path_fini) struct user_path a = {0};
    OWNED(user_path_fini) struct user_path b = {0};
    OWNED(dentry_put_p) struct dentry *old = NULL;
    struct file *itself = NULL;

    if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0)
        return ERR(EINVAL);
    if ((flags & AT_EMPTY_PATH) != 0)
        TRY(user_path_or_file(&a, t, from_dir, from, &itself));
    else
        TRY(user_path(&a, t, from_dir, from));
    TRY(user_path(&b, t, to_dir, to));
    if (itself != NULL)
        return link_file(itself, &b.at);
    TRY(path_lookup(&a.at, (flags & AT_SYMLINK_FOLLOW) != 0 ? WALK_FOLLOW : 0, &old));
    return vfs_link(old, &b.at);
}

err sys_link(struct task *t, int64_t *ret, u_str from, u_str to) {
    return sys_linkat(t, ret, CWD, from, CWD, to, 0);
}

err sys_symlinkat(struct task *t, int64_t *ret, u_str target, dirfd_t dir, u_str path) {
    OWNED(user_path_fini) struct user_path p = {0};
    OWNED(heap_free_p) void *text = heap_alloc(PATH_MAX);
    size_t n;

    if (text == NULL)
        return ERR(ENOMEM);
    TRY(user_string(span_of(text, PATH_MAX), target, &n));
    if (n == 0)
        return ERR(ENOENT);
    TRY(user_path(&p, t, dir, path));
    return vfs_symlink(cspan_of(text, n), &p.at);
}

err sys_symlink(struct task *t, int64_t *ret, u_str target, u_str path) {
    return sys_symlinkat(t, ret, target, CWD, path);
}
