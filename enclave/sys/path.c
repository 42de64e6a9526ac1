/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The order of failures is Linux's: the path is copied before the descriptor is looked at, and the
 * descriptor counts only if the path is relative.
 */
#include "enclave/sys/path.h"

#include "base/heap.h"
#include "enclave/file/fdtable.h"
#include "enclave/proc/process.h"

static err copy_text(struct user_path *p, uaddr path) {
    size_t n;

    p->text = heap_alloc(PATH_MAX);
    if (p->text == NULL)
        return ERR(ENOMEM);
    TRY(user_string(span_of(p->text, PATH_MAX), path, &n));
    p->at.path = cspan_of(p->text, n);
    return OK;
}

static bool is_absolute(const struct user_path *p) {
    return p->at.path.n > 0 && p->at.path.p[0] == '/';
}

static err find_base(struct user_path *p, struct task *t, fd_t dir) {
    if (is_absolute(p) || dir.no == FD_CWD)
        return OK;
    TRY(task_file(t, dir, &p->base));
    p->at.base = file_dentry(p->base);
    return OK;
}

err user_path(struct user_path *p, struct task *t, fd_t dir, uaddr path) {
    p->at.fs = t->proc->fs;
    TRY(copy_text(p, path));
    if (p->at.path.n == 0)
        return ERR(ENOENT);
    TRY(find_base(p, t, dir));
    return p->base != NULL && p->at.base == NULL ? ERR(ENOTDIR) : OK;
}

err user_path_or_file(struct user_path *p, struct task *t, fd_t dir, uaddr path,
                      struct file **itself) {
    *itself = NULL;
    p->at.fs = t->proc->fs;
    TRY(copy_text(p, path));
    TRY(find_base(p, t, dir));
    if (p->at.path.n == 0)
        *itself = p->base;
    else if (p->base != NULL && p->at.base == NULL)
        return ERR(ENOTDIR);
    return OK;
}

void user_path_fini(struct user_path *p) {
    file_put(p->base);
    heap_free(p->text);
}

err task_file(struct task *t, fd_t fd, struct file **out) {
    return fd_lookup(t->proc->files, fd, out);
}

err task_real_file(struct task *t, fd_t fd, struct file **out) {
    TRY(task_file(t, fd, out));
    if (((*out)->flags & O_PATH) == 0)
        return OK;
    file_put(*out);
    *out = NULL;
    return ERR(EBADF);
}
