/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Directories and symlinks. The entries of a directory are a list with the newest first, each with
 * a position that only grows; so a listing that goes on after changes neither repeats nor loses
 * the entries that stayed.
 */
#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"
#include "enclave/fs/tmp/node.h"

static cspan entry_name(const struct tmp_entry *e) {
    return cspan_of(e->name, e->name_size);
}

static struct tmp_entry *find(struct tmp_node *dir, cspan name) {
    struct tmp_entry *e = dir->first;

    while (e != NULL && !cspan_equal(entry_name(e), name))
        e = e->next;
    return e;
}

static err entry_new(cspan name, struct tmp_entry **out) {
    struct tmp_entry *e = NEW(struct tmp_entry);
    char *text = heap_alloc(name.n + 1);

    if (e == NULL || text == NULL) {
        heap_free(text);
        heap_free(e);
        return ERR(ENOSPC);
    }
    mem_copy(text, name.p, name.n);
    e->name = text;
    e->name_size = name.n;
    *out = e;
    return OK;
}

/* Links e, which takes over the caller's reference of the node. */
static void entry_add(struct tmp_node *dir, struct tmp_entry *e, struct tmp_node *node) {
    e->node = node;
    e->pos = dir->last_pos++;
    e->next = dir->first;
    dir->first = e;
    dir->entries++;
    if (inode_is(&node->inode, S_IFDIR))
        dir->nlink++;
    tmp_touch(dir);
}

/* Unlinks e and returns its node with the reference that e held. */
static struct tmp_node *entry_remove(struct tmp_node *dir, struct tmp_entry *e) {
    struct tmp_entry **link = &dir->first;
    struct tmp_node *node = e->node;

    while (*link != e)
        link = &(*link)->next;
    *link = e->next;
    heap_free(e->name);
    heap_free(e);
    dir->entries--;
    if (inode_is(&node->inode, S_IFDIR))
        dir->nlink--;
    tmp_touch(dir);
    return node;
}

/* The node lost a name. */
static void name_lost(struct tmp_node *n) {
    n->nlink = inode_is(&n->inode, S_IFDIR) ? 0 : n->nlink - 1;
    n->ctime = fs_now();
    inode_put(&n->inode);
}

static err tmp_lookup(struct inode *dir, cspan name, struct inode **out) {
    struct tmp_entry *e = find(node_of(dir), name);

    if (e == NULL)
        return ERR(ENOENT);
    *out = inode_get(&e->node->inode);
    return OK;
}

/* The entry with the smallest position >= pos. */
static struct tmp_entry *at_or_behind(struct tmp_node *dir, uint64_t pos) {
    struct tmp_entry *best = NULL;

    for (struct tmp_entry *e = dir->first; e != NULL && e->pos >= pos; e = e->next)
        best = e;
    return best;
}

static err tmp_next(struct inode *dir, uint64_t pos, struct dir_entry *out, bool *found) {
    struct tmp_entry *e = at_or_behind(node_of(dir), pos);

    *found = e != NULL;
    if (e == NULL)
        return OK;
    out->ino = e->node->inode.ino;
    out->mode = e->node->inode.mode & S_IFMT;
    out->next = e->pos + 1;
    out->name_size = e->name_size;
    mem_copy(out->name, e->name, e->name_size + 1);
    return OK;
}

static err tmp_create(struct inode *dir, cspan name, uint32_t mode, struct inode **out) {
    struct tmp_entry *e;
    struct tmp_node *n;
    err failure;

    TRY(entry_new(name, &e));
    failure = tmp_node_new(tmp_fs_of(dir), mode, &n);
    if (failed(failure)) {
        heap_free(e->name);
        heap_free(e);
        return failure;
    }
    /* commit */
    entry_add(node_of(dir), e, n);
    *out = inode_get(&n->inode);
    return OK;
}

static err tmp_symlink(struct inode *dir, cspan name, cspan target, struct inode **out) {
    char *text = heap_alloc(target.n + 1);
    err e;

    if (text == NULL)
        return ERR(ENOSPC);
    e = tmp_create(dir, name, S_IFLNK | 0777, out);
    if (failed(e)) {
        heap_free(text);
        return e;
    }
    mem_copy(text, target.p, target.n);
    node_of(*out)->target = text;
    node_of(*out)->target_size = target.n;
    return OK;
}

static err tmp_link(struct inode *dir, cspan name, struct inode *i) {
    struct tmp_node *n = node_of(i);
    struct tmp_entry *e;

    if (n->nlink == 0)
        return ERR(ENOENT);
    TRY(entry_new(name, &e));
    /* commit */
    inode_get(i);
    entry_add(node_of(dir), e, n);
    n->nlink++;
    n->ctime = fs_now();
    return OK;
}

static err tmp_unlink(struct inode *dir, cspan name, struct inode *i) {
    struct tmp_entry *e = find(node_of(dir), name);

    if (e == NULL)
        return ERR(ENOENT);
    if (e->node->first != NULL)
        return ERR(ENOTEMPTY);
    name_lost(entry_remove(node_of(dir), e));
    return OK;
}

static err tmp_rename(struct inode *from, cspan from_name, struct inode *to, cspan to_name) {
    struct tmp_entry *e = find(node_of(from), from_name);
    struct tmp_entry *old = find(node_of(to), to_name);
    struct tmp_entry *made;

    if (e == NULL)
        return ERR(ENOENT);
    if (old != NULL && old->node->first != NULL)
        return ERR(ENOTEMPTY);
    TRY(entry_new(to_name, &made));
    /* commit */
    if (old != NULL)
        name_lost(entry_remove(node_of(to), old));
    entry_add(node_of(to), made, entry_remove(node_of(from), e));
    made->node->ctime = fs_now();
    return OK;
}

static err tmp_readlink(struct inode *i, span buf, size_t *n) {
    const struct tmp_node *node = node_of(i);

    *n = min_u64(node->target_size, buf.n);
    mem_copy(buf.p, node->target, *n);
    return OK;
}

const struct inode_ops tmp_dir_ops = {
    .lookup = tmp_lookup,
    .next = tmp_next,
    .stat = tmp_stat,
    .change = tmp_change,
    .create = tmp_create,
    .symlink = tmp_symlink,
    .link = tmp_link,
    .unlink = tmp_unlink,
    .rename = tmp_rename,
    .free = tmp_free,
};

const struct inode_ops tmp_link_ops = {
    .stat = tmp_stat,
    .change = tmp_change,
    .readlink = tmp_readlink,
    .free = tmp_free,
};
