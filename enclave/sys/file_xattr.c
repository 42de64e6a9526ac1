/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Extended attributes: no file has any, and none can be given. The calls say so as Linux does for a
 * file system without them, after they found the file, so that `ls -l`, `cp -a` and `tar` go on
 * (they would report ENOSYS). The list of a file is empty.
 */
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

static err path_exists(struct task *t, uaddr path, uint32_t walk) {
    OWNED(user_path_fini) struct user_path p = {0};
    OWNED(dentry_put_p) struct dentry *d = NULL;

    TRY(user_path(&p, t, FD(FD_CWD), path));
    return path_lookup(&p.at, walk, &d);
}

static err none_by_path(struct task *t, uaddr path, uint32_t walk) {
    TRY(path_exists(t, path, walk));
    return ERR(EOPNOTSUPP);
}

static err none_by_fd(struct task *t, fd_t fd) {
    OWNED(file_put_p) struct file *f = NULL;

    TRY(task_real_file(t, fd, &f));
    return ERR(EOPNOTSUPP);
}

err sys_setxattr(struct task *t, int64_t *ret, u_str path, u_str name, u_in value, size_t size,
                 int flags) {
    return none_by_path(t, path, WALK_FOLLOW);
}

err sys_lsetxattr(struct task *t, int64_t *ret, u_str path, u_str name, u_in value, size_t size,
                  int flags) {
    return none_by_path(t, path, 0);
}

err sys_fsetxattr(struct task *t, int64_t *ret, fd_t fd, u_str name, u_in value, size_t size,
                  int flags) {
    return none_by_fd(t, fd);
}

err sys_getxattr(struct task *t, int64_t *ret, u_str path, u_str name, u_out value, size_t size) {
    return none_by_path(t, path, WALK_FOLLOW);
}

err sys_lgetxattr(struct task *t, int64_t *ret, u_str path, u_str name, u_out value, size_t size) {
    return none_by_path(t, path, 0);
}

err sys_fgetxattr(struct task *t, int64_t *ret, fd_t fd, u_str name, u_out value, size_t size) {
    return none_by_fd(t, fd);
}

err sys_listxattr(struct task *t, int64_t *ret, u_str path, u_out list, size_t size) {
    return path_exists(t, path, WALK_FOLLOW);
}

err sys_llistxattr(struct task *t, int64_t *ret, u_str path, u_out list, size_t size) {
    return path_exists(t, path, 0);
}

err sys_flistxattr(struct task *t, int64_t *ret, fd_t fd, u_out list, size_t size) {
    OWNED(file_put_p) struct file *f = NULL;

    return task_real_file(t, fd, &f);
}

err sys_removexattr(struct task *t, int64_t *ret, u_str path, u_str name) {
    return none_by_path(t, path, WALK_FOLLOW);
}

err sys_lremovexattr(struct task *t, int64_t *ret, u_str path, u_str name) {
    return none_by_path(t, path, 0);
}

err sys_fremovexattr(struct task *t, int64_t *ret, fd_t fd, u_str name) {
    return none_by_fd(t, fd);
}
