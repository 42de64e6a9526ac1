/* SPDX-License-Identifier: BSD-3-Clause
 *
 * States of a dentry:
 *
 *   used      refs > 0
 *   unused    refs == 0, in the table, on the unused list, newest first
 *   (freed)   refs == 0 and not in the table
 *
 * Freeing a dentry drops its parent, which may free the parent in turn: dentry_put loops upwards
 * instead of recursing.
 */
#include "enclave/fs/vfs/dentry.h"

#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"

#define BUCKETS  2048u
#define REFS_MAX 0x40000000u

static struct {
    struct dentry *buckets[BUCKETS];
    struct dentry *newest, *oldest; /* unused */
    size_t unused;
} g_table;

static cspan name_of(const struct dentry *d) {
    return cspan_of(d->name, d->name_size);
}

/* FNV-1a over the name, mixed with the parent's address. */
static uint32_t hash_name(const struct dentry *dir, cspan name) {
    uint64_t h = wrap_mul((uint64_t)(uintptr_t)dir >> 4, 0x9e3779b97f4a7c15u);

    for (size_t i = 0; i < name.n; i++)
        h = wrap_mul(h ^ name.p[i], 0x100000001b3u);
    return (uint32_t)(h >> 32) ^ (uint32_t)h;
}

static void table_add(struct dentry *d) {
    d->hash = hash_name(d->parent, name_of(d));
    d->chain = g_table.buckets[d->hash % BUCKETS];
    g_table.buckets[d->hash % BUCKETS] = d;
    d->in_table = true;
}

static void table_remove(struct dentry *d) {
    struct dentry **link = &g_table.buckets[d->hash % BUCKETS];

    while (*link != d)
        link = &(*link)->chain;
    *link = d->chain;
    d->chain = NULL;
    d->in_table = false;
}

static struct dentry *table_find(const struct dentry *dir, cspan name) {
    uint32_t hash = hash_name(dir, name);
    struct dentry *d = g_table.buckets[hash % BUCKETS];

    while (d != NULL && !(d->hash == hash && d->parent == dir && cspan_equal(name_of(d), name)))
        d = d->chain;
    return d;
}

static void unused_add(struct dentry *d) {
    d->newer = NULL;
    d->older = g_table.newest;
    if (d->older != NULL)
        d->older->newer = d;
    else
        g_table.oldest = d;
    g_table.newest = d;
    g_table.unused++;
}

static void unused_remove(struct dentry *d) {
    if (d->newer != NULL)
        d->newer->older = d->older;
    else
        g_table.newest = d->older;
    if (d->older != NULL)
        d->older->newer = d->newer;
    else
        g_table.oldest = d->newer;
    d->newer = d->older = NULL;
    g_table.unused--;
}

/* Frees d and returns the parent whose reference d held. */
static struct dentry *dentry_free(struct dentry *d) {
    struct dentry *parent = d->parent;

    inode_put(d->inode);
    heap_free(d->name);
    heap_free(d);
    return parent;
}

/* Drops one reference. Returns the dentry to drop next, or NULL. */
static struct dentry *drop(struct dentry *d) {
    CHECK(d->refs > 0);
    if (--d->refs > 0)
        return NULL;
    if (!d->in_table)
        return dentry_free(d);
    unused_add(d);
    return NULL;
}

static void evict(struct dentry *d) {
    unused_remove(d);
    table_remove(d);
    dentry_put(dentry_free(d));
}

void dentry_put(struct dentry *d) {
    while (d != NULL)
        d = drop(d);
}

struct dentry *dentry_get(struct dentry *d) {
    CHECK(d->refs < REFS_MAX);
    if (d->refs == 0)
        unused_remove(d);
    d->refs++;
    return d;
}

void dentry_shrink(void) {
    while (g_table.oldest != NULL)
        evict(g_table.oldest);
}

err dentry_name_copy(cspan name, char **out) {
    char *copy = heap_alloc(name.n + 1);

    if (copy == NULL)
        return ERR(ENOMEM);
    mem_copy(copy, name.p, name.n);
    *out = copy;
    return OK;
}

static err dentry_new(struct dentry *parent, cspan name, struct inode *i, struct dentry **out) {
    struct dentry *d = NEW(struct dentry);

    if (d == NULL)
        return ERR(ENOMEM);
    if (failed(dentry_name_copy(name, &d->name))) {
        heap_free(d);
        return ERR(ENOMEM);
    }
    d->name_size = name.n;
    d->parent = parent != NULL ? dentry_get(parent) : NULL;
    d->inode = inode_get(i);
    d->refs = 1;
    *out = d;
    return OK;
}

err dentry_new_root(struct inode *i, struct dentry **out) {
    return dentry_new(NULL, CSPAN_LIT(""), i, out);
}

err dentry_add(struct dentry *dir, cspan name, struct inode *i, struct dentry **out) {
    TRY(dentry_new(dir, name, i, out));
    if (!dir->inode->fs->is_volatile && !dir->removed)
        table_add(*out);
    if (g_table.unused > DENTRY_UNUSED_MAX)
        evict(g_table.oldest);
    return OK;
}

err dentry_lookup(struct dentry *dir, cspan name, struct dentry **out) {
    OWNED(inode_put_p) struct inode *i = NULL;
    struct dentry *d;

    if (name.n > NAME_MAX)
        return ERR(ENAMETOOLONG);
    d = table_find(dir, name);
    if (d != NULL) {
        *out = dentry_get(d);
        return OK;
    }
    if (dir->removed || dir->inode->ops->lookup == NULL)
        return ERR(ENOENT);
    TRY(dir->inode->ops->lookup(dir->inode, name, &i));
    return dentry_add(dir, name, i, out);
}

void dentry_remove(struct dentry *d) {
    if (d->in_table)
        table_remove(d);
    d->removed = true;
}

void dentry_move(struct dentry *d, struct dentry *dir, char *name, size_t name_size) {
    struct dentry *old_parent = d->parent;
    char *old_name = d->name;

    if (d->in_table)
        table_remove(d);
    d->parent = dentry_get(dir);
    d->name = name;
    d->name_size = name_size;
    table_add(d);
    heap_free(old_name);
    dentry_put(old_parent);
}

struct dentry *dentry_top(struct dentry *d) {
    while (d->mounted != NULL)
        d = d->mounted;
    return d;
}

struct dentry *dentry_up(struct dentry *d, struct dentry *root) {
    while (d != root && d->parent == NULL && d->covers != NULL)
        d = d->covers;
    if (d == root || d->parent == NULL)
        return d;
    return dentry_top(d->parent);
}

bool dentry_is_under(struct dentry *d, struct dentry *dir) {
    for (; d != NULL; d = d->parent != NULL ? d->parent : d->covers) {
        if (d == dir)
            return true;
    }
    return false;
}

/* Writes "/name" before `at` of buf. */
static err prepend(span buf, size_t *at, cspan name) {
    if (*at < name.n + 1)
        return ERR(ENAMETOOLONG);
    *at -= name.n + 1;
    CHECK(span_put_u8(buf, *at, '/'));
    CHECK(span_write(buf, *at + 1, name));
    return OK;
}

err dentry_path(struct dentry *d, struct dentry *root, span buf, size_t *n, bool *reached) {
    size_t at = buf.n;
    span text;

    while (d != root && (d->parent != NULL || d->covers != NULL)) {
        if (d->parent == NULL) {
            d = d->covers;
            continue;
        }
        TRY(prepend(buf, &at, name_of(d)));
        d = d->parent;
    }
    if (at == buf.n)
        TRY(prepend(buf, &at, CSPAN_LIT("")));
    *reached = d == root;
    CHECK(span_from(&text, buf, at));
    mem_move(buf.p, text.p, text.n);
    *n = text.n;
    return OK;
}
