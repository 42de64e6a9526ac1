/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Root and working directory are held for as long as the context lives.
 */
#include "enclave/fs/vfs/context.h"

#include "base/heap.h"

err fs_context_new(struct dentry *root, struct fs_context **out) {
    struct fs_context *c = NEW(struct fs_context);

    if (c == NULL)
        return ERR(ENOMEM);
    c->root = dentry_get(root);
    c->cwd = dentry_get(root);
    c->umask = UMASK_DEFAULT;
    *out = c;
    return OK;
}

err fs_context_copy(const struct fs_context *from, struct fs_context **out) {
    TRY(fs_context_new(from->root, out));
    fs_context_chdir(*out, from->cwd);
    (*out)->umask = from->umask;
    return OK;
}

void fs_context_free(struct fs_context *c) {
    if (c == NULL)
        return;
    dentry_put(c->cwd);
    dentry_put(c->root);
    heap_free(c);
}

void fs_context_chdir(struct fs_context *c, struct dentry *to) {
    struct dentry *old = c->cwd;

    c->cwd = dentry_get(to);
    dentry_put(old);
}
