/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Doubly linked list whose links live inside the objects. A struct list_node that is all zero is
 * in no list; list_remove makes it so again. Every change first checks that the neighbours point
 * back and traps (TRAP_LIST) if they don't: a node that was freed, inserted twice or overwritten
 * is found before it spreads. A list is not locked; its owner says which lock guards it.
 *
 *     struct list sleepers;   // list_init(&sleepers)
 *     LIST_FOREACH(t, &sleepers, struct task, link) { ... }
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/trap.h"

struct list_node {
    struct list_node *next, *prev;
};

/* A ring through `head`, which is no element. */
struct list {
    struct list_node head;
};

#define LIST_INIT(name)                                                                            \
    {                                                                                              \
        {                                                                                          \
            &(name).head, &(name).head                                                             \
        }                                                                                          \
    }

static inline void list_init(struct list *l) {
    l->head.next = &l->head;
    l->head.prev = &l->head;
}

static inline bool list_empty(const struct list *l) {
    return l->head.next == &l->head;
}

static inline bool list_is_linked(const struct list_node *n) {
    return n->next != NULL;
}

static inline void list_check_(bool ok) {
    if (__builtin_expect(!ok, 0))
        trap(TRAP_LIST);
}

static inline void list_insert_between_(struct list_node *n, struct list_node *prev,
                                        struct list_node *next) {
    list_check_(n->next == NULL && n->prev == NULL && prev->next == next && next->prev == prev);
    n->next = next;
    n->prev = prev;
    prev->next = n;
    next->prev = n;
}

static inline void list_push_front(struct list *l, struct list_node *n) {
    list_insert_between_(n, &l->head, l->head.next);
}

static inline void list_push_back(struct list *l, struct list_node *n) {
    list_insert_between_(n, l->head.prev, &l->head);
}

/* `at` must be in a list. */
static inline void list_insert_before(struct list_node *at, struct list_node *n) {
    list_check_(list_is_linked(at));
    list_insert_between_(n, at->prev, at);
}

/* n must be in a list. */
static inline void list_remove(struct list_node *n) {
    list_check_(list_is_linked(n) && n->next->prev == n && n->prev->next == n);
    n->next->prev = n->prev;
    n->prev->next = n->next;
    n->next = NULL;
    n->prev = NULL;
}

/* Neighbours and ends; NULL where there is none. */
static inline struct list_node *list_next(const struct list *l, const struct list_node *n) {
    list_check_(list_is_linked(n) && n->next->prev == n);
    return n->next == &l->head ? NULL : n->next;
}

static inline struct list_node *list_first(const struct list *l) {
    return list_next(l, &l->head);
}

static inline struct list_node *list_last(const struct list *l) {
    list_check_(l->head.prev->next == &l->head);
    return list_empty(l) ? NULL : l->head.prev;
}

static inline struct list_node *list_pop_front(struct list *l) {
    struct list_node *n = list_first(l);

    if (n != NULL)
        list_remove(n);
    return n;
}

/* Moves all of `from` behind the elements of `to`. */
static inline void list_append_all(struct list *to, struct list *from) {
    for (struct list_node *n = list_pop_front(from); n != NULL; n = list_pop_front(from))
        list_push_back(to, n);
}

/* The object around a node; NULL for NULL. */
#define LIST_ENTRY(node, type, member)                                                             \
    ({                                                                                             \
        struct list_node *entry_ = (node);                                                         \
        entry_ == NULL ? NULL : CONTAINER_OF(entry_, type, member);                                \
    })

#define LIST_FIRST(list, type, member) LIST_ENTRY(list_first(list), type, member)

#define LIST_FOREACH(it, list, type, member)                                                       \
    for (type *it = LIST_FIRST(list, type, member); it != NULL;                                    \
         it = LIST_ENTRY(list_next(list, &it->member), type, member))

/* The body may remove or free `it`, but no other element. */
#define LIST_FOREACH_SAFE(it, list, type, member)                                                  \
    for (type *it = LIST_FIRST(list, type, member),                                                \
              *it##_next = it ? LIST_ENTRY(list_next(list, &it->member), type, member) : NULL;     \
         it != NULL; it = it##_next,                                                               \
              it##_next = it ? LIST_ENTRY(list_next(list, &it->member), type, member) : NULL)

#endif
