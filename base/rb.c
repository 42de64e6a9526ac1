/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Rules: the root is black; a red node has no red child; every way down from a node to a missing
 * child passes the same number of black nodes. An insertion adds a red leaf and repairs upwards;
 * a removal that took a black node out leaves one way a black short and repairs that upwards.
 * Left and right are written once: `side` is 0 or 1, `!side` the other.
 */
#include "base/rb.h"

#include "base/trap.h"

enum { RB_NONE, RB_RED, RB_BLACK };

static bool is_red(const struct rb_node *n) {
    return n != NULL && n->color == RB_RED;
}

static unsigned side_of(const struct rb_node *n, const struct rb_node *parent) {
    return parent->child[1] == n ? 1 : 0;
}

/* The place that points to n. */
static struct rb_node **place_of(struct rb_tree *t, const struct rb_node *n) {
    struct rb_node **place =
        n->parent == NULL ? &t->root : &n->parent->child[side_of(n, n->parent)];

    if (*place != n)
        trap(TRAP_LIST);
    return place;
}

/* Takes n out of its place and puts `by` there. */
static void replace(struct rb_tree *t, struct rb_node *n, struct rb_node *by) {
    *place_of(t, n) = by;
    if (by != NULL)
        by->parent = n->parent;
}

static void adopt(struct rb_node *parent, unsigned side, struct rb_node *child) {
    parent->child[side] = child;
    if (child != NULL)
        child->parent = parent;
}

/* n moves down to `side`, its child on the other side takes its place. */
static void rotate(struct rb_tree *t, struct rb_node *n, unsigned side) {
    struct rb_node *up = n->child[!side];

    replace(t, n, up);
    adopt(n, !side, up->child[side]);
    adopt(up, side, n);
}

static void repair_red(struct rb_tree *t, struct rb_node *n) {
    while (is_red(n->parent)) {
        struct rb_node *parent = n->parent;
        struct rb_node *grand = parent->parent;
        unsigned side = side_of(parent, grand);
        struct rb_node *uncle = grand->child[!side];

        grand->color = RB_RED;
        if (is_red(uncle)) {
            parent->color = RB_BLACK;
            uncle->color = RB_BLACK;
            n = grand;
            continue;
        }
        if (n == parent->child[!side]) {
            rotate(t, parent, side);
            parent = n;
        }
        parent->color = RB_BLACK;
        rotate(t, grand, !side);
        break;
    }
    t->root->color = RB_BLACK;
}

void rb_insert(struct rb_tree *t, struct rb_node *n, uint64_t key) {
    struct rb_node **place = &t->root;
    struct rb_node *parent = NULL;

    CHECK(n->color == RB_NONE);
    while (*place != NULL) {
        parent = *place;
        place = &parent->child[key >= parent->key];
    }
    *n = (struct rb_node){.parent = parent, .key = key, .color = RB_RED};
    *place = n;
    repair_red(t, n);
}

/* The ways through `n` (may be NULL, then `parent` says where) lack a black node, and their
 * sibling is black and has a red child: one more rotation ends it. */
static void borrow_black(struct rb_tree *t, struct rb_node *parent, unsigned side) {
    struct rb_node *sibling = parent->child[!side];

    if (!is_red(sibling->child[!side])) {
        sibling->child[side]->color = RB_BLACK;
        sibling->color = RB_RED;
        rotate(t, sibling, !side);
        sibling = parent->child[!side];
    }
    sibling->color = parent->color;
    sibling->child[!side]->color = RB_BLACK;
    parent->color = RB_BLACK;
    rotate(t, parent, side);
}

static void repair_black(struct rb_tree *t, struct rb_node *n, struct rb_node *parent) {
    while (parent != NULL && !is_red(n)) {
        unsigned side = parent->child[0] == n ? 0 : 1;
        struct rb_node *sibling = parent->child[!side];

        if (is_red(sibling)) {
            sibling->color = RB_BLACK;
            parent->color = RB_RED;
            rotate(t, parent, side);
            sibling = parent->child[!side];
        }
        if (is_red(sibling->child[0]) || is_red(sibling->child[1])) {
            borrow_black(t, parent, side);
            return;
        }
        sibling->color = RB_RED;
        n = parent;
        parent = n->parent;
    }
    if (n != NULL)
        n->color = RB_BLACK;
}

static struct rb_node *outermost(struct rb_node *n, unsigned side) {
    while (n != NULL && n->child[side] != NULL)
        n = n->child[side];
    return n;
}

void rb_remove(struct rb_tree *t, struct rb_node *n) {
    CHECK(n->color != RB_NONE);
    /* `out` leaves its place in the tree: n, or its successor, which then takes n's place. */
    struct rb_node *out =
        n->child[0] == NULL || n->child[1] == NULL ? n : outermost(n->child[1], 0);
    struct rb_node *short_way = out->child[0] != NULL ? out->child[0] : out->child[1];
    struct rb_node *parent = out->parent;
    bool lost_black = out->color == RB_BLACK;

    replace(t, out, short_way);
    if (out != n) {
        parent = parent == n ? out : parent;
        replace(t, n, out);
        adopt(out, 0, n->child[0]);
        adopt(out, 1, n->child[1]);
        out->color = n->color;
    }
    if (lost_black)
        repair_black(t, short_way, parent);
    *n = (struct rb_node){.key = n->key};
}

void rb_set_key(struct rb_node *n, uint64_t key) {
    const struct rb_node *prev = rb_prev(n);
    const struct rb_node *next = rb_next(n);

    CHECK((prev == NULL || prev->key <= key) && (next == NULL || key <= next->key));
    n->key = key;
}

struct rb_node *rb_first(const struct rb_tree *t) {
    return outermost(t->root, 0);
}

struct rb_node *rb_last(const struct rb_tree *t) {
    return outermost(t->root, 1);
}

/* The neighbour of n in order, on that side. */
static struct rb_node *neighbour(const struct rb_node *n, unsigned side) {
    CHECK(n->color != RB_NONE);
    if (n->child[side] != NULL)
        return outermost(n->child[side], !side);
    while (n->parent != NULL && n->parent->child[side] == n)
        n = n->parent;
    return n->parent;
}

struct rb_node *rb_next(const struct rb_node *n) {
    return neighbour(n, 1);
}

struct rb_node *rb_prev(const struct rb_node *n) {
    return neighbour(n, 0);
}

struct rb_node *rb_lower_bound(const struct rb_tree *t, uint64_t key) {
    struct rb_node *best = NULL;

    for (struct rb_node *n = t->root; n != NULL; n = n->child[n->key < key]) {
        if (n->key >= key)
            best = n;
    }
    return best;
}

struct rb_node *rb_floor(const struct rb_tree *t, uint64_t key) {
    struct rb_node *best = NULL;

    for (struct rb_node *n = t->root; n != NULL; n = n->child[n->key <= key]) {
        if (n->key <= key)
            best = n;
    }
    return best;
}

struct rb_node *rb_find(const struct rb_tree *t, uint64_t key) {
    struct rb_node *n = rb_lower_bound(t, key);

    return n != NULL && n->key == key ? n : NULL;
}

static size_t blacks_above(const struct rb_node *n) {
    size_t blacks = 0;

    for (; n != NULL; n = n->parent)
        blacks += n->color == RB_BLACK ? 1 : 0;
    return blacks;
}

static bool node_is_valid(const struct rb_node *n) {
    const struct rb_node *next = rb_next(n);

    for (unsigned side = 0; side < 2; side++) {
        const struct rb_node *child = n->child[side];
        if (child != NULL && (child->parent != n || (is_red(n) && is_red(child))))
            return false;
    }
    return next == NULL || n->key <= next->key;
}

bool rb_is_valid(const struct rb_tree *t) {
    const struct rb_node *first = rb_first(t);
    size_t blacks = blacks_above(first);

    if (t->root != NULL && (t->root->parent != NULL || is_red(t->root)))
        return false;
    for (const struct rb_node *n = first; n != NULL; n = rb_next(n)) {
        bool has_end = n->child[0] == NULL || n->child[1] == NULL;
        if (!node_is_valid(n) || (has_end && blacks_above(n) != blacks))
            return false;
    }
    return true;
}
