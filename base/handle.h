/* SPDX-License-Identifier: BSD-3-Clause
 *
 * References between modules that cannot dangle: an index and the generation of that place. When
 * the object leaves the table, every handle to it turns stale, also after the place has a new
 * object. Objects embed a struct handled; the table borrows them. The table is not locked.
 */
#ifndef BASE_HANDLE_H
#define BASE_HANDLE_H

#include "base/err.h"

typedef struct {
    uint32_t ix, gen; /* gen 0: no object, ever */
} href;

struct handled {
    href self; /* gen 0 while in no table */
};

struct handle_slot;

/* All zero is an empty table. */
struct handle_table {
    struct handle_slot *slots; /* owned */
    uint32_t size, live;
    uint32_t free; /* first free place + 1, 0: none */
};

/* Puts an object in and names it in object->self. ENOMEM. */
MUST err handle_add(struct handle_table *t, struct handled *object);
/* Takes an object out; traps (TRAP_STALE_HANDLE) if it is not in. */
void handle_remove(struct handle_table *t, struct handled *object);
/* ESTALE if the object is gone; never touches memory that a wrong handle names. */
MUST err handle_find(const struct handle_table *t, href h, struct handled **out);
/* For handles that cannot be stale unless we have a bug: traps instead. */
struct handled *handle_must(const struct handle_table *t, href h);
/* Frees the table, which must be empty. */
void handle_table_fini(struct handle_table *t);

#endif
