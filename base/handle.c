/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Free places form a list by index. A place counts up its generation when its object leaves; one
 * that has counted to the end is never used again.
 */
#include "base/handle.h"

#include "base/heap.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/trap.h"

#define FIRST_SIZE 16
#define GEN_LAST   UINT32_MAX

struct handle_slot {
    struct handled *object; /* NULL: free */
    uint32_t gen;
    uint32_t next_free; /* index + 1 */
};

static void make_free(struct handle_table *t, uint32_t ix) {
    if (t->slots[ix].gen == GEN_LAST)
        return;
    t->slots[ix].gen++;
    t->slots[ix].next_free = t->free;
    t->free = ix + 1;
}

static err grow(struct handle_table *t) {
    uint32_t size = FIRST_SIZE;
    size_t bytes;

    if (t->size != 0 && !mul_ok(&size, t->size, 2))
        return ERR(ENOMEM);
    if (!mul_ok(&bytes, sizeof(struct handle_slot), size))
        return ERR(ENOMEM);
    struct handle_slot *slots = heap_alloc(bytes);
    if (slots == NULL)
        return ERR(ENOMEM);
    if (t->size != 0)
        mem_copy(slots, t->slots, t->size * sizeof(struct handle_slot));
    heap_free(t->slots);
    t->slots = slots;
    for (uint32_t ix = size; ix > t->size; ix--)
        make_free(t, ix - 1);
    t->size = size;
    return OK;
}

err handle_add(struct handle_table *t, struct handled *object) {
    CHECK(object->self.gen == 0);
    if (t->free == 0)
        TRY(grow(t));
    uint32_t ix = t->free - 1;
    struct handle_slot *slot = &t->slots[ix];

    t->free = slot->next_free;
    slot->object = object;
    object->self = (href){.ix = ix, .gen = slot->gen};
    t->live++;
    return OK;
}

err handle_find(const struct handle_table *t, href h, struct handled **out) {
    if (h.ix >= t->size || t->slots[h.ix].gen != h.gen || t->slots[h.ix].object == NULL)
        return ERR(ESTALE);
    *out = t->slots[h.ix].object;
    return OK;
}

struct handled *handle_must(const struct handle_table *t, href h) {
    struct handled *object = NULL;

    if (failed(handle_find(t, h, &object)))
        trap(TRAP_STALE_HANDLE);
    return object;
}

void handle_remove(struct handle_table *t, struct handled *object) {
    href h = object->self;

    if (handle_must(t, h) != object)
        trap(TRAP_STALE_HANDLE);
    t->slots[h.ix].object = NULL;
    object->self = (href){0};
    t->live--;
    make_free(t, h.ix);
}

void handle_table_fini(struct handle_table *t) {
    CHECK(t->live == 0);
    heap_free(t->slots);
    *t = (struct handle_table){0};
}
