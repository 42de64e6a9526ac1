/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The path is a stack of levels: the caller's text below, the targets of symlinks on top. A step
 * takes the next name of the top level; a level with nothing but slashes left is popped, but
 * counts as "a slash follows" as long as it lies there. Nothing recurses.
 *
 *   /a/link/b     level 0: "/b"        link -> ../c/d/
 *                 level 1: "../c/d/"   taken next: ".."
 */
#include "enclave/fs/vfs/walk.h"

#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"

static void set_at(struct walk *w, struct dentry *d) {
    struct dentry *old = w->at;

    w->at = dentry_get(d);
    dentry_put(old);
}

static void skip_slashes(cspan *s) {
    size_t n = 0;

    while (n < s->n && s->p[n] == '/')
        n++;
    CHECK(cspan_from(s, *s, n));
}

static void pop(struct walk *w) {
    heap_free(w->levels[w->depth].text);
    w->levels[w->depth].text = NULL;
    w->depth--;
}

/* Starts at the root if the text is absolute. */
static err start_text(struct walk *w, cspan text) {
    if (text.n == 0 || text.p[0] != '/')
        return OK;
    if ((w->resolve & RESOLVE_BENEATH) != 0)
        return ERR(EXDEV);
    if ((w->resolve & RESOLVE_NO_XDEV) != 0 && w->at->inode->fs != w->root->inode->fs)
        return ERR(EXDEV);
    set_at(w, w->root);
    return OK;
}

err walk_begin(struct walk *w, const struct path_at *at, uint32_t flags) {
    struct dentry *base = at->base != NULL ? at->base : at->fs->cwd;

    w->at = NULL;
    w->flags = flags;
    w->resolve = at->resolve;
    w->depth = w->links = 0;
    w->levels[0] = (struct walk_level){NULL, at->path};
    w->root = (at->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) != 0 ? base : at->fs->root;
    set_at(w, base);
    if (at->path.n == 0 && (flags & WALK_EMPTY) == 0)
        return ERR(ENOENT);
    if (at->path.n >= PATH_MAX)
        return ERR(ENAMETOOLONG);
    return start_text(w, at->path);
}

void walk_end(struct walk *w) {
    while (w->depth > 0)
        pop(w);
    dentry_put(w->at);
    w->at = NULL;
}

/* Is a name left? Else all levels hold only slashes. */
static bool names_left(const struct walk *w) {
    for (unsigned i = 0; i <= w->depth; i++) {
        cspan rest = w->levels[i].rest;

        skip_slashes(&rest);
        if (rest.n > 0)
            return true;
    }
    return false;
}

static bool slash_left(const struct walk *w) {
    for (unsigned i = 0; i <= w->depth; i++) {
        if (w->levels[i].rest.n > 0)
            return true;
    }
    return false;
}

/* Takes the next name off the stack into w->last. */
static err take_name(struct walk *w) {
    struct walk_level *level = &w->levels[w->depth];
    cspan name;

    skip_slashes(&level->rest);
    while (level->rest.n == 0) {
        pop(w);
        level = &w->levels[w->depth];
        skip_slashes(&level->rest);
    }
    if (!inode_is(w->at->inode, S_IFDIR))
        return ERR(ENOTDIR);
    CHECK(cspan_sub(&name, level->rest, 0, cspan_find(level->rest, '/')));
    CHECK(cspan_from(&level->rest, level->rest, name.n));
    if (name.n > NAME_MAX)
        return ERR(ENAMETOOLONG);
    w->last.kind = LAST_NAME;
    if (cspan_equal(name, CSPAN_LIT(".")))
        w->last.kind = LAST_DOT;
    if (cspan_equal(name, CSPAN_LIT("..")))
        w->last.kind = LAST_DOTDOT;
    mem_copy(w->last.name, name.p, name.n);
    w->last.name[name.n] = '\0';
    w->last.size = name.n;
    return OK;
}

static err check_mount(const struct walk *w, const struct dentry *next) {
    bool crosses = w->at->inode->fs != next->inode->fs;

    return crosses && (w->resolve & RESOLVE_NO_XDEV) != 0 ? ERR(EXDEV) : OK;
}

static err last_dotdot(struct walk *w, struct dentry **out) {
    struct dentry *up = dentry_up(w->at, w->root);

    if (w->at == w->root && (w->resolve & RESOLVE_BENEATH) != 0)
        return ERR(EXDEV);
    TRY(check_mount(w, up));
    *out = dentry_get(up);
    return OK;
}

err walk_last(struct walk *w, struct dentry **out) {
    OWNED(dentry_put_p) struct dentry *d = NULL;
    struct dentry *top;

    if (w->last.kind == LAST_DOTDOT)
        return last_dotdot(w, out);
    if (w->last.kind != LAST_NAME) {
        *out = dentry_get(w->at);
        return OK;
    }
    TRY(dentry_lookup(w->at, last_name(&w->last), &d));
    top = dentry_top(d);
    TRY(check_mount(w, top));
    *out = dentry_get(top);
    return OK;
}

static err push_target(struct walk *w, struct dentry *link) {
    char *text = heap_alloc(PATH_MAX);
    cspan target;
    size_t n = 0;
    err e;

    if (text == NULL)
        return ERR(ENOMEM);
    e = link->inode->ops->readlink(link->inode, span_of(text, PATH_MAX), &n);
    if (failed(e) || n == 0 || n >= PATH_MAX) {
        heap_free(text);
        return failed(e) ? e : ERR(n == 0 ? ENOENT : ENAMETOOLONG);
    }
    target = cspan_of(text, n);
    w->depth++;
    w->levels[w->depth] = (struct walk_level){text, target};
    return start_text(w, target);
}

static err jump(struct walk *w, struct dentry *link) {
    struct dentry *to;

    if ((w->resolve & (RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH | RESOLVE_IN_ROOT)) != 0)
        return ERR((w->resolve & RESOLVE_NO_MAGICLINKS) != 0 ? ELOOP : EXDEV);
    TRY(link->inode->ops->jump(link->inode, &to));
    dentry_put(w->at);
    w->at = to;
    return OK;
}

err walk_follow(struct walk *w, struct dentry *link) {
    if (++w->links > SYMLINKS_MAX || (w->resolve & RESOLVE_NO_SYMLINKS) != 0)
        return ERR(ELOOP);
    if (link->inode->ops->jump != NULL)
        return jump(w, link);
    return push_target(w, link);
}

/* Goes into w->last, which is not the last name of the path. */
static err enter(struct walk *w) {
    OWNED(dentry_put_p) struct dentry *d = NULL;

    TRY(walk_last(w, &d));
    if (inode_is(d->inode, S_IFLNK))
        return walk_follow(w, d);
    set_at(w, d);
    return OK;
}

err walk_parent(struct walk *w) {
    while (names_left(w)) {
        TRY(take_name(w));
        if (!names_left(w)) {
            w->last.slash = slash_left(w);
            return OK;
        }
        TRY(enter(w));
    }
    w->last = (struct path_last){.kind = LAST_NONE, .slash = slash_left(w)};
    return OK;
}

static err lookup(struct walk *w, struct dentry **out) {
    OWNED(dentry_put_p) struct dentry *d = NULL;

    for (;;) {
        TRY(walk_parent(w));
        TRY(walk_last(w, &d));
        if (!inode_is(d->inode, S_IFLNK) || w->last.kind == LAST_NONE ||
            ((w->flags & WALK_FOLLOW) == 0 && !w->last.slash))
            break;
        TRY(walk_follow(w, d));
        dentry_put(GIVE(d));
    }
    if ((w->last.slash || (w->flags & WALK_DIRECTORY) != 0) && !inode_is(d->inode, S_IFDIR))
        return ERR(ENOTDIR);
    *out = GIVE(d);
    return OK;
}

err path_lookup(const struct path_at *at, uint32_t flags, struct dentry **out) {
    struct walk w;
    err e = walk_begin(&w, at, flags);

    if (!failed(e))
        e = lookup(&w, out);
    walk_end(&w);
    return e;
}

err path_parent(const struct path_at *at, struct dentry **dir, struct path_last *last) {
    struct walk w;
    err e = walk_begin(&w, at, 0);

    if (!failed(e))
        e = walk_parent(&w);
    if (!failed(e)) {
        *dir = dentry_get(w.at);
        *last = w.last;
    }
    walk_end(&w);
    return e;
}
