/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Directories: listing, and where the process stands.
 */
#include "base/heap.h"
#include "base/trap.h"
#include "enclave/proc/process.h"
#include "enclave/sys/calls.h"
#include "enclave/sys/path.h"

#define LIST_MAX 32768u /* bytes of one getdents64; a program with more room calls again */

/* Writes one entry at *at; false if it does not fit. */
static bool put_entry(span buf, size_t *at, const struct dir_entry *e) {
    const struct linux_dirent64 head = {
        .ino = e->ino,
        .off = (int64_t)e->next,
        .reclen = (uint16_t)((DIRENT64_NAME + e->name_size + 1 + 7) & ~(size_t)7),
        .type = (uint8_t)(e->mode >> 12),
    };
    span out;

    if (!span_sub(&out, buf, *at, head.reclen))
        return false;
    span_zero(out);
    CHECK(span_write(out, 0, cspan_of(&head, DIRENT64_NAME)));
    CHECK(span_write(out, DIRENT64_NAME, cspan_of(e->name, e->name_size)));
    *at += head.reclen;
    return true;
}

static err list(struct file *f, span buf, size_t *used) {
    struct dir_entry e;
    bool found;

    for (;;) {
        TRY(file_next(f, &e, &found));
        if (!found)
            return OK;
        if (!put_entry(buf, used, &e))
            return *used > 0 ? OK : ERR(EINVAL);
        f->pos = e.next;
    }
}

err sys_getdents64(struct task *t, int64_t *ret, fd_t fd, u_out buf, size_t len) {
    OWNED(file_put_p) struct file *f = NULL;
    size_t room = min_u64((uint32_t)len, LIST_MAX);
    OWNED(heap_free_p) void *block = NULL;
    size_t used = 0;

    TRY(task_file(t, fd, &f));
    block = heap_alloc(room);
    if (block == NULL)
        return ERR(ENOMEM);
    TRY(list(f, span_of(block, room), &used));
    TRY(user_write(buf, cspan_of(block, used)));
    *ret = (int64_t)used;
    return OK;
}

err sys_getcwd(struct task *t, int64_t *ret, u_out buf, size_t len) {
    OWNED(heap_free_p) char *text = heap_alloc(PATH_MAX);
    struct fs_context *fs = t->proc->fs;
    size_t n;

    if (text == NULL)
        return ERR(ENOMEM);
    TRY(vfs_path(fs, fs->cwd, span_of(text, PATH_MAX - 1), &n));
    CHECK(span_put_u8(span_of(text, PATH_MAX), n, 0));
    if (n + 1 > len)
        return ERR(ERANGE);
    TRY(user_write(buf, cspan_of(text, n + 1)));
    *ret = (int64_t)n + 1;
    return OK;
}

err sys_chdir(struct task *t, int64_t *ret, u_str path) {
    OWNED(user_path_fini) struct user_path p = {0};
    OWNED(dentry_put_p) struct dentry *d = NULL;

    TRY(user_path(&p, t, FD(FD_CWD), path));
    TRY(path_lookup(&p.at, WALK_FOLLOW | WALK_DIRECTORY, &d));
    fs_context_chdir(t->proc->fs, d);
    return OK;
}

err sys_fchdir(struct task *t, int64_t *ret, fd_t fd) {
    OWNED(file_put_p) struct file *f = NULL;
    struct dentry *d;

    TRY(task_file(t, fd, &f));
    d = file_dentry(f);
    if (d == NULL || !inode_is(d->inode, S_IFDIR))
        return ERR(ENOTDIR);
    fs_context_chdir(t->proc->fs, d);
    return OK;
}

err sys_umask(struct task *t, int64_t *ret, file_mode mask) {
    *ret = t->proc->fs->umask;
    t->proc->fs->umask = mask & 0777;
    return OK;
}
