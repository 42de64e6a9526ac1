/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From a path to a dentry, as Linux does it: symlinks (40 at most), "..", mounts, trailing
 * slashes, and the errno of each failure in Linux's order. A walk stops before the last name, so
 * that open and rename can decide what to do with it:
 *
 *   struct walk w;
 *   walk_begin(&w, &at, 0)       at the start of the path
 *   walk_parent(&w)              w.at is the directory, w.last the name in it
 *   walk_follow(&w, link)        goes on with the target of a symlink: walk_parent again
 *   walk_end(&w)                 always
 *
 * Most callers need only path_lookup or path_parent.
 */
#ifndef ENCLAVE_FS_VFS_WALK_H
#define ENCLAVE_FS_VFS_WALK_H

#include "enclave/fs/vfs/context.h"

/* A path and where it starts. Borrows everything. */
struct path_at {
    struct fs_context *fs;
    struct dentry *base; /* NULL: the working directory */
    cspan path;          /* without NUL, shorter than PATH_MAX */
    uint32_t resolve;    /* RESOLVE_* of openat2 */
};

#define WALK_FOLLOW    1u /* a symlink as last name is followed */
#define WALK_DIRECTORY 2u /* anything but a directory is ENOTDIR */
#define WALK_EMPTY     4u /* "" names the base itself instead of ENOENT */

enum last_kind {
    LAST_NONE, /* no name is left: w.at is the object itself ("/", a jump) */
    LAST_NAME,
    LAST_DOT,
    LAST_DOTDOT,
};

struct path_last {
    enum last_kind kind;
    bool slash; /* a '/' follows: it must be a directory */
    size_t size;
    char name[NAME_MAX + 1];
};

struct walk_level {
    char *text; /* owned: the target of a symlink; NULL for the caller's path */
    cspan rest; /* what is not walked yet */
};

struct walk {
    struct dentry *root; /* borrowed: ".." does not leave it */
    struct dentry *at;   /* counted */
    uint32_t flags, resolve;
    unsigned depth, links;
    struct path_last last;
    struct walk_level levels[SYMLINKS_MAX + 1];
};

MUST err walk_begin(struct walk *w, const struct path_at *at, uint32_t flags);
MUST err walk_parent(struct walk *w);
MUST err walk_follow(struct walk *w, struct dentry *link);
void walk_end(struct walk *w);
/* The dentry of w->last in w->at, what is mounted there, symlinks not followed. Reference. */
MUST err walk_last(struct walk *w, struct dentry **out);

/* What the path names, with a reference. */
MUST err path_lookup(const struct path_at *at, uint32_t flags, struct dentry **out);
/* The directory that holds the last name, with a reference, and the name. */
MUST err path_parent(const struct path_at *at, struct dentry **dir, struct path_last *last);

static inline cspan last_name(const struct path_last *last) {
    return cspan_of(last->name, last->size);
}

#endif
