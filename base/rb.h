/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A red-black tree whose links live inside the objects, ordered by a number: addresses of vmas,
 * deadlines of timers. Equal keys are allowed and keep the order of insertion. An all-zero tree is
 * empty, an all-zero node is in no tree; rb_remove makes it so again. Inserting a node twice,
 * removing one that is in no tree, and links that don't point back trap. Not locked.
 *
 *     struct vma { struct rb_node by_start; ... };
 *     struct vma *v = RB_ENTRY(rb_floor(&mm->vmas, addr), struct vma, by_start);
 *     RB_FOREACH(v, &mm->vmas, struct vma, by_start) { ... }
 */
#ifndef BASE_RB_H
#define BASE_RB_H

#include "base/compiler.h"

struct rb_node {
    struct rb_node *parent;
    struct rb_node *child[2]; /* 0: smaller keys, 1: equal or larger */
    uint64_t key;
    uint8_t color; /* RB_NONE outside of a tree */
};

struct rb_tree {
    struct rb_node *root;
};

void rb_insert(struct rb_tree *t, struct rb_node *n, uint64_t key);
void rb_remove(struct rb_tree *t, struct rb_node *n);
/* Changes a key where the order stays the same; traps where it would not. */
void rb_set_key(struct rb_node *n, uint64_t key);

static inline bool rb_is_linked(const struct rb_node *n) {
    return n->color != 0;
}

static inline bool rb_empty(const struct rb_tree *t) {
    return t->root == NULL;
}

/* All of these return NULL where there is none. */
struct rb_node *rb_first(const struct rb_tree *t);
struct rb_node *rb_last(const struct rb_tree *t);
struct rb_node *rb_next(const struct rb_node *n);
struct rb_node *rb_prev(const struct rb_node *n);
/* The first node with this key; with a key >= `key`; the last one with a key <= `key`. */
struct rb_node *rb_find(const struct rb_tree *t, uint64_t key);
struct rb_node *rb_lower_bound(const struct rb_tree *t, uint64_t key);
struct rb_node *rb_floor(const struct rb_tree *t, uint64_t key);

/* Does the tree keep all its promises (order, colours, links)? For tests; n log n. */
bool rb_is_valid(const struct rb_tree *t);

/* The object around a node; NULL for NULL. */
#define RB_ENTRY(node, type, member)                                                               \
    ({                                                                                             \
        struct rb_node *entry_ = (node);                                                           \
        entry_ == NULL ? NULL : CONTAINER_OF(entry_, type, member);                                \
    })

/* In order of keys. The body must not change the tree. */
#define RB_FOREACH(it, tree, type, member)                                                         \
    for (type *it = RB_ENTRY(rb_first(tree), type, member); it != NULL;                            \
         it = RB_ENTRY(rb_next(&it->member), type, member))

/* The body may remove or free `it`, but no other node. */
#define RB_FOREACH_SAFE(it, tree, type, member)                                                    \
    for (type *it = RB_ENTRY(rb_first(tree), type, member),                                        \
              *it##_next = it ? RB_ENTRY(rb_next(&it->member), type, member) : NULL;               \
         it != NULL;                                                                               \
         it = it##_next, it##_next = it ? RB_ENTRY(rb_next(&it->member), type, member) : NULL)

#endif
