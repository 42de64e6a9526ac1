/* SPDX-License-Identifier: BSD-3-Clause
 *
 * /proc/self/fd: a link for each open descriptor. Following one does not go through a path: it
 * leads to the very file. A file with a dentry gives that; a pipe or standard file gets an inode
 * made for the occasion, whose open returns the same struct file again (so, unlike on Linux, the
 * two share their flags).
 */
#include "base/fmt.h"
#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"
#include "enclave/fs/proc/node.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/fs/vfs/open.h"

static const struct inode_ops g_link_ops, g_target_ops;

/* A plain decimal number of a descriptor; -1 for anything else. */
static int fd_number(cspan name) {
    int no = 0;

    if (name.n == 0 || name.n > 4 || (name.n > 1 && name.p[0] == '0'))
        return -1;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] < '0' || name.p[i] > '9')
            return -1;
        no = no * 10 + (name.p[i] - '0');
    }
    return no;
}

static struct fdtable *files_of(struct inode *i) {
    struct proc_view v;

    proc_source_of(i)->view(&v);
    return v.files;
}

/* An inode that stands for f; takes a reference of it. */
static err file_inode_new(struct fs *fs, const struct inode_ops *ops, uint32_t mode, struct file *f,
                          struct inode **out) {
    struct proc_inode *i;

    TRY(proc_inode_new(fs, ops, mode, NULL, &i));
    i->file = file_get(f);
    *out = &i->inode;
    return OK;
}

static err fd_dir_lookup(struct inode *dir, cspan name, struct inode **out) {
    OWNED(file_put_p) struct file *f = NULL;

    if (failed(fd_lookup(files_of(dir), FD(fd_number(name)), &f)))
        return ERR(ENOENT);
    return file_inode_new(dir->fs, &g_link_ops, S_IFLNK | 0777, f, out);
}

static err fd_dir_next(struct inode *dir, uint64_t pos, struct dir_entry *out, bool *found) {
    int no = pos < FD_LIMIT ? fd_next(files_of(dir), (int)pos) : -1;

    *found = no >= 0;
    if (no < 0)
        return OK;
    out->ino = (uint64_t)no + 1;
    out->next = (uint64_t)no + 1;
    out->mode = S_IFLNK;
    out->name_size = fmt_to(span_of(out->name, DIR_NAME_SIZE - 1), "%d", no);
    out->name[out->name_size] = '\0';
    return OK;
}

const struct inode_ops proc_fd_dir_ops = {
    .lookup = fd_dir_lookup,
    .next = fd_dir_next,
    .stat = proc_stat,
    .free = proc_inode_free,
};

static err link_text(struct file *f, struct fs_context *fs, span buf, size_t *n) {
    struct dentry *d = file_dentry(f);
    struct file_attr attr;
    bool reached;

    if (d != NULL) {
        TRY(dentry_path(d, fs->root, buf, n, &reached));
        if (d->removed && *n + 10 <= buf.n) {
            CHECK(span_write(buf, *n, CSPAN_LIT(" (deleted)")));
            *n += 10;
        }
        return OK;
    }
    if (stdio_is_tty(f)) {
        *n = fmt_to(buf, "/dev/tty");
        return OK;
    }
    TRY(file_stat(f, &attr));
    *n = fmt_to(buf, "%s:[%llu]", f->ops->kind, (unsigned long long)attr.ino);
    return OK;
}

static err link_read(struct inode *i, span buf, size_t *n) {
    struct proc_view v;

    proc_source_of(i)->view(&v);
    return link_text(proc_inode_of(i)->file, v.fs, buf, n);
}

static err link_jump(struct inode *i, struct dentry **out) {
    OWNED(inode_put_p) struct inode *target = NULL;
    struct file *f = proc_inode_of(i)->file;
    struct dentry *d = file_dentry(f);
    struct file_attr attr;

    if (d != NULL) {
        *out = dentry_get(d);
        return OK;
    }
    TRY(file_stat(f, &attr));
    TRY(file_inode_new(i->fs, &g_target_ops, attr.mode, f, &target));
    return dentry_new_root(target, out);
}

static const struct inode_ops g_link_ops = {
    .stat = proc_stat,
    .readlink = link_read,
    .jump = link_jump,
    .free = proc_inode_free,
};

static err target_stat(struct inode *i, struct file_attr *out) {
    return file_stat(proc_inode_of(i)->file, out);
}

static err target_open(struct inode *i, uint32_t flags, struct file **out) {
    *out = file_get(proc_inode_of(i)->file);
    return OK;
}

static const struct inode_ops g_target_ops = {
    .stat = target_stat,
    .open = target_open,
    .free = proc_inode_free,
};
