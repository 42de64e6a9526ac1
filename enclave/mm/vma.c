/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A singly linked list in address order. Every operation first splits at the ends of its range, so
 * that afterwards it only meets whole VMAs; joining at the end keeps the list short.
 */
#include "enclave/mm/vma.h"

#include "base/heap.h"
#include "base/mem.h"

struct vma *vma_at(const struct vma_list *list, uint64_t addr) {
    struct vma *v = list->first;

    while (v != NULL && v->end <= addr)
        v = v->next;
    return v;
}

err vma_split(struct vma_list *list, uint64_t addr) {
    struct vma *low = vma_at(list, addr);

    if (low == NULL || low->start >= addr)
        return OK;
    struct vma *high = NEW(struct vma);
    if (high == NULL)
        return ERR(ENOMEM);
    *high = *low;
    high->start = addr;
    high->origin.file_off += addr - low->start;
    low->end = addr;
    low->next = high;
    return OK;
}

void vma_insert(struct vma_list *list, struct vma *v) {
    struct vma **link = &list->first;

    while (*link != NULL && (*link)->start < v->start)
        link = &(*link)->next;
    v->next = *link;
    *link = v;
}

void vma_remove(struct vma_list *list, struct vma *v) {
    struct vma **link = &list->first;

    while (*link != v)
        link = &(*link)->next;
    *link = v->next;
}

bool vma_covers(const struct vma_list *list, uint64_t start, uint64_t end) {
    for (const struct vma *v = vma_at(list, start); start < end; v = v->next) {
        if (v == NULL || v->start > start)
            return false;
        start = v->end;
    }
    return true;
}

static bool joinable(const struct vma *low, const struct vma *high) {
    bool anonymous = low->origin.name[0] == '\0';

    return low->end == high->start && low->prot == high->prot &&
           low->committed == high->committed &&
           mem_equal(low->origin.name, high->origin.name, VMA_NAME_MAX) &&
           (anonymous || low->origin.file_off + (low->end - low->start) == high->origin.file_off);
}

void vma_join(struct vma_list *list, uint64_t start, uint64_t end) {
    struct vma *v = vma_at(list, start == 0 ? 0 : start - 1);

    while (v != NULL && v->next != NULL && v->start <= end) {
        struct vma *high = v->next;
        if (!joinable(v, high)) {
            v = high;
            continue;
        }
        v->end = high->end;
        v->next = high->next;
        heap_free(high);
    }
}

bool vma_gap(const struct vma_list *list, uint64_t from, uint64_t to, uint64_t size,
             uint64_t *out) {
    uint64_t at = from;

    for (const struct vma *v = vma_at(list, from); v != NULL; v = v->next) {
        if (v->start >= to || (v->start >= at && v->start - at >= size))
            break;
        at = max_u64(at, v->end);
    }
    if (at > to || to - at < size)
        return false;
    *out = at;
    return true;
}
