/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Private to enclave/mm: the sorted VMA list. Splitting and joining are bookkeeping only; the pages
 * are the caller's business.
 */
#ifndef ENCLAVE_MM_VMA_H
#define ENCLAVE_MM_VMA_H

#include "enclave/mm/mm.h"

struct vma_list {
    struct vma *first;
};

/* The first VMA that ends above addr, or NULL. */
struct vma *vma_at(const struct vma_list *list, uint64_t addr);
/* Makes `addr` a boundary between VMAs where it lies inside one. ENOMEM changes nothing. */
MUST err vma_split(struct vma_list *list, uint64_t addr);
/* Takes ownership of v, whose range must be free. */
void vma_insert(struct vma_list *list, struct vma *v);
/* Unlinks v and gives it to the caller. */
void vma_remove(struct vma_list *list, struct vma *v);
/* Is all of [start, end) mapped? */
bool vma_covers(const struct vma_list *list, uint64_t start, uint64_t end);
/* Joins neighbours in [start, end] that differ in nothing. */
void vma_join(struct vma_list *list, uint64_t start, uint64_t end);
/* The lowest free range of `size` bytes in [from, to); false if there is none. */
bool vma_gap(const struct vma_list *list, uint64_t from, uint64_t to, uint64_t size, uint64_t *out);

#endif
