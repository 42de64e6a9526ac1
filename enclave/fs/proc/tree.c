/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From the table of rows to a tree. A directory is a prefix of paths, the root the empty one; its
 * entries are the next components of the rows that begin with the prefix. The directory of the
 * process is "PID/" in the table and its number in the tree. A text is written anew for each read,
 * so a program that reads in small pieces may see it change, as on Linux.
 */
#include "base/fmt.h"
#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"
#include "enclave/fs/proc/node.h"

#define PID_DIR "PID"

static const struct inode_ops g_dir_ops, g_text_ops, g_link_ops, g_jump_ops;

static cspan row_path(const struct proc_row *row) {
    return cspan_of(row->path, str_len(row->path, NAME_MAX));
}

static void print_pid(struct inode *i, span buf, size_t *n) {
    struct proc_view v;

    proc_source_of(i)->view(&v);
    *n = fmt_to(buf, "%d", v.pid);
}

/* The component of row's path behind the directory's prefix; false if the row lies elsewhere. */
static bool row_component(struct proc_inode *dir, const struct proc_row *row, cspan *out) {
    cspan path = row_path(row);
    cspan prefix = {0};
    cspan head;

    if (dir->prefix > 0)
        CHECK(cspan_sub(&prefix, row_path(dir->row), 0, dir->prefix));
    if (!cspan_sub(&head, path, 0, prefix.n) || !cspan_equal(head, prefix))
        return false;
    CHECK(cspan_from(out, path, prefix.n));
    out->n = cspan_find(*out, '/');
    return true;
}

static bool is_dir_row(const struct proc_inode *dir, const struct proc_row *row, cspan component) {
    return row_path(row).n > dir->prefix + component.n;
}

static const struct inode_ops *row_ops(const struct proc_row *row, uint32_t *mode) {
    if (row->text == NULL) {
        *mode = S_IFDIR | 0500;
        return &proc_fd_dir_ops;
    }
    *mode = row->is_link ? S_IFLNK | 0777 : S_IFREG | 0444;
    if (!row->is_link)
        return &g_text_ops;
    return row->jump != NULL ? &g_jump_ops : &g_link_ops;
}

/* The name a component has in the tree. */
static cspan shown_name(struct inode *dir, cspan component, span pid) {
    size_t n;

    if (!cspan_equal(component, CSPAN_LIT(PID_DIR)))
        return component;
    print_pid(dir, pid, &n);
    return cspan_of(pid.p, n);
}

static err row_inode(struct inode *dir, const struct proc_row *row, cspan component,
                     struct proc_inode **out) {
    const struct inode_ops *ops = &g_dir_ops;
    uint32_t mode = S_IFDIR | 0555;
    bool is_dir = is_dir_row(proc_inode_of(dir), row, component);

    if (!is_dir)
        ops = row_ops(row, &mode);
    TRY(proc_inode_new(dir->fs, ops, mode, row, out));
    if (is_dir)
        (*out)->prefix = proc_inode_of(dir)->prefix + component.n + 1;
    return OK;
}

static err dir_lookup(struct inode *dir, cspan name, struct inode **out) {
    uint8_t pid[16];
    struct proc_inode *i;
    cspan component;

    for (size_t r = 0; r < proc_row_count; r++) {
        if (!row_component(proc_inode_of(dir), &proc_rows[r], &component) ||
            !cspan_equal(shown_name(dir, component, SPAN_OF(pid)), name))
            continue;
        TRY(row_inode(dir, &proc_rows[r], component, &i));
        *out = &i->inode;
        return OK;
    }
    return ERR(ENOENT);
}

/* Does an earlier row already stand for this entry? Rows of a directory are neighbours. */
static bool is_repeated(struct proc_inode *dir, size_t r, cspan component) {
    cspan before;

    return r > 0 && row_component(dir, &proc_rows[r - 1], &before) &&
           cspan_equal(before, component);
}

static err dir_next(struct inode *dir, uint64_t pos, struct dir_entry *out, bool *found) {
    struct proc_inode *d = proc_inode_of(dir);
    uint8_t pid[16];
    cspan component;
    cspan name;

    *found = false;
    for (size_t r = pos; r < proc_row_count && !*found; r++) {
        if (!row_component(d, &proc_rows[r], &component) || is_repeated(d, r, component))
            continue;
        *found = true;
        out->next = r + 1;
        out->ino = r + 2;
        if (is_dir_row(d, &proc_rows[r], component))
            out->mode = S_IFDIR;
        else
            (void)row_ops(&proc_rows[r], &out->mode);
        out->mode &= S_IFMT;
        name = shown_name(dir, component, SPAN_OF(pid));
        mem_copy(out->name, name.p, name.n);
        out->name[name.n] = '\0';
        out->name_size = name.n;
    }
    return OK;
}

static void text_free(struct proc_text *t) {
    heap_free(t->buf.p);
}

static err text_make(struct inode *i, struct proc_text *t) {
    t->buf = span_of(heap_alloc(PROC_TEXT_SIZE), PROC_TEXT_SIZE);
    t->n = 0;
    t->source = proc_source_of(i);
    if (t->buf.p == NULL)
        return ERR(ENOMEM);
    proc_inode_of(i)->row->text(t);
    return OK;
}

static err text_read(struct inode *i, struct uio *u, uint64_t off, size_t *done) {
    OWNED(text_free) struct proc_text t = {0};
    cspan rest;

    TRY(text_make(i, &t));
    if (off >= t.n)
        return OK;
    CHECK(cspan_sub(&rest, span_c(t.buf), off, t.n - off));
    return uio_put(u, rest, done);
}

static err text_readlink(struct inode *i, span buf, size_t *n) {
    OWNED(text_free) struct proc_text t = {0};

    TRY(text_make(i, &t));
    *n = min_u64(t.n, buf.n);
    mem_copy(buf.p, t.buf.p, *n);
    return OK;
}

static err row_jump(struct inode *i, struct dentry **out) {
    struct proc_view v;

    proc_source_of(i)->view(&v);
    return proc_inode_of(i)->row->jump(&v, out);
}

static const struct inode_ops g_dir_ops = {
    .lookup = dir_lookup, .next = dir_next, .stat = proc_stat, .free = proc_inode_free};
static const struct inode_ops g_text_ops = {
    .read = text_read, .stat = proc_stat, .free = proc_inode_free};
static const struct inode_ops g_link_ops = {
    .readlink = text_readlink, .stat = proc_stat, .free = proc_inode_free};
static const struct inode_ops g_jump_ops = {
    .readlink = text_readlink, .jump = row_jump, .stat = proc_stat, .free = proc_inode_free};

err proc_stat(struct inode *i, struct file_attr *out) {
    out->nlink = inode_is(i, S_IFDIR) ? 2 : 1;
    out->atime = out->mtime = out->ctime = fs_now();
    return OK;
}

/* Inode numbers: 1 is the root, a row's number + 2 the rest; fd entries have their file's. */
err proc_inode_new(struct fs *fs, const struct inode_ops *ops, uint32_t mode,
                   const struct proc_row *row, struct proc_inode **out) {
    struct proc_inode *i = NEW(struct proc_inode);
    uint64_t ino = 1;

    if (i == NULL)
        return ERR(ENOMEM);
    for (size_t r = 0; r < proc_row_count; r++) {
        if (&proc_rows[r] == row)
            ino = r + 2;
    }
    inode_init(&i->inode, ops, fs, ino, mode);
    i->row = row;
    *out = i;
    return OK;
}

void proc_inode_free(struct inode *i) {
    struct proc_inode *p = proc_inode_of(i);

    file_put(p->file);
    heap_free(p);
}

static err procfs_usage(struct fs *fs, struct fs_usage *out) {
    out->magic = PROC_SUPER_MAGIC;
    out->block_size = 4096;
    return OK;
}

static void procfs_free(struct fs *fs) {
    inode_put(fs->root);
    heap_free(CONTAINER_OF(fs, struct proc_fs, fs));
}

static const struct fs_ops g_procfs_ops = {.usage = procfs_usage, .free = procfs_free};

err procfs_new(const struct proc_source *source, struct fs **out) {
    struct proc_fs *fs = NEW(struct proc_fs);
    struct proc_inode *root;
    err e;

    if (fs == NULL)
        return ERR(ENOMEM);
    fs->fs = (struct fs){.ops = &g_procfs_ops, .type = "proc", .is_volatile = true};
    fs->source = source;
    e = proc_inode_new(&fs->fs, &g_dir_ops, S_IFDIR | 0555, NULL, &root);
    if (failed(e)) {
        heap_free(fs);
        return e;
    }
    fs->fs.root = &root->inode;
    *out = &fs->fs;
    return OK;
}
