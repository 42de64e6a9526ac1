/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mm: the address space of a program, a list of VMAs that never overlap, in ascending order. All
 * addresses and sizes are bytes; those handed in are page aligned unless said otherwise. A process
 * owns its mm; its threads share it. Nothing in it blocks half-way and kernel code is not
 * preempted, so with one vCPU there is no lock yet.
 *
 * Memory is committed when it is mapped with any permission, and counted against one enclave-wide
 * budget, user_space_size. Reservations (PROT_NONE) cost nothing. ENOMEM names the key to raise.
 */
#ifndef ENCLAVE_MM_MM_H
#define ENCLAVE_MM_MM_H

#include "base/addr.h"
#include "base/err.h"
#include "base/span.h"

struct mm;

/* Where the pages of a VMA came from, for crash lines and /proc/self/maps. */
#define VMA_NAME_MAX 64
struct vma_origin {
    char name[VMA_NAME_MAX]; /* "" for anonymous memory; cut if longer */
    uint64_t file_off;       /* of the VMA's first byte */
};

struct vma {
    struct vma *next;
    uint64_t start, end;
    uint32_t prot; /* PROT_* */
    bool committed;
    struct vma_origin origin;
};

struct mm_map_request {
    uaddr addr; /* a hint, or the address if `fixed` */
    uint64_t size;
    uint32_t prot;
    bool fixed, noreplace;
    struct vma_origin origin;
};

/* The budget of all programs together; called once at start. */
void mm_budget_set(uint64_t bytes);
uint64_t mm_budget_total(void);
uint64_t mm_budget_used(void);

MUST err mm_new(struct mm **out);
/* Releases every mapping. NULL is fine. */
void mm_free(struct mm *mm);

/* Adds zeroed memory. ENOMEM (budget, address space, or no pages), EEXIST (noreplace), EPERM (fixed
 * below USER_BASE), EINVAL. A hint is rounded down to a page and taken if it is free. With `fixed`
 * what was there is unmapped first; it stays if the budget has no room for the new memory. */
MUST err mm_map(struct mm *mm, const struct mm_map_request *req, uaddr *out);
/* Removes all mappings of a range; unmapped parts are fine. EINVAL; ENOMEM (behind USER_TOP, or no
 * kernel memory), which changes nothing. */
MUST err mm_unmap(struct mm *mm, uaddr addr, uint64_t size);
/* ENOMEM if a part is not mapped: what lies before it is changed, as on Linux. */
MUST err mm_protect(struct mm *mm, uaddr addr, uint64_t size, uint32_t prot);
/* Zeroes the committed anonymous pages of a range (MADV_DONTNEED); copies of file pages stay as
 * they are. ENOMEM if a part is not mapped; the rest is zeroed, as on Linux. */
MUST err mm_discard(struct mm *mm, uaddr addr, uint64_t size);

/* brk(2): the heap window is [start, start + limit). mm_brk moves the end if it can and says where
 * it is now; it never fails, like the system call. */
void mm_brk_set(struct mm *mm, uaddr start, uint64_t limit);
uaddr mm_brk(struct mm *mm, uaddr want);

/* The VMA that holds an address, or the first above it; NULL if there is none. Borrowed. */
const struct vma *mm_find(const struct mm *mm, uaddr addr);
/* The first VMA, for walks by ->next. */
const struct vma *mm_first(const struct mm *mm);

#endif
