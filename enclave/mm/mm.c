/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Each change of an address space goes: check, split (may fail, changes nothing visible), then the
 * pages, then the bookkeeping. The pages are changed by host calls; the host cannot give wrong
 * memory, only none (on hardware a page counts after EACCEPT), so a failing host call is ENOMEM.
 */
#include "enclave/mm/mm.h"

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/mem.h"
#include "enclave/mm/pages.h"
#include "enclave/mm/vma.h"
#include "enclave/user/copy.h"

#define MMAP_BASE (LAYOUT_U64(64) << 30) /* mappings without an address start here */

struct mm {
    struct vma_list vmas;
    uint64_t brk_start, brk_end, brk_limit;
};

static uint64_t g_budget, g_used;

void mm_budget_set(uint64_t bytes) {
    g_budget = bytes;
}

uint64_t mm_budget_total(void) {
    return g_budget;
}

uint64_t mm_budget_used(void) {
    return g_used;
}

/* Would `bytes` more fit, once `freed` bytes in use are given back? */
static err budget_check(uint64_t bytes, uint64_t freed) {
    if (bytes > g_budget - (g_used - freed)) {
        log_err("mm",
                "out of memory: %llu bytes more would exceed resource_limits.user_space_size "
                "(%llu bytes, %llu in use); raise it in Occlum.json and build again",
                (unsigned long long)bytes, (unsigned long long)g_budget,
                (unsigned long long)g_used);
        return ERR(ENOMEM);
    }
    return OK;
}

err mm_new(struct mm **out) {
    struct mm *mm = NEW(struct mm);

    if (mm == NULL)
        return ERR(ENOMEM);
    *out = mm;
    return OK;
}

/* The shape of a range; *end is written if it is whole pages below USER_TOP. */
static err range_end(uaddr addr, uint64_t size, uint64_t *end) {
    if (size == 0 || !is_aligned(addr.va, PAGE_SIZE) || !is_aligned(size, PAGE_SIZE))
        return ERR(EINVAL);
    if (!range_ok(addr.va, size, USER_TOP))
        return ERR(ENOMEM);
    *end = addr.va + size;
    return OK;
}

/* Makes the pages of a new or reserved range usable with `prot`. */
static err commit(uint64_t start, uint64_t end, uint32_t prot) {
    uint32_t fresh = PROT_READ | PROT_WRITE;

    TRY(budget_check(end - start, 0));
    if (failed(pages_commit(start, end)))
        return ERR(ENOMEM);
    if (prot != fresh && failed(pages_protect(start, end, fresh, prot))) {
        pages_release(start, end);
        return ERR(ENOMEM);
    }
    g_used += end - start;
    return OK;
}

static void release(struct mm *mm, struct vma *v) {
    if (v->committed) {
        pages_release(v->start, v->end);
        g_used -= v->end - v->start;
    }
    vma_remove(&mm->vmas, v);
    heap_free(v);
}

void mm_free(struct mm *mm) {
    if (mm == NULL)
        return;
    while (mm->vmas.first != NULL)
        release(mm, mm->vmas.first);
    heap_free(mm);
}

err mm_unmap(struct mm *mm, uaddr addr, uint64_t size) {
    uint64_t end;

    TRY(range_end(addr, size, &end));
    TRY(vma_split(&mm->vmas, addr.va));
    TRY(vma_split(&mm->vmas, end));
    /* commit */
    for (struct vma *v = vma_at(&mm->vmas, addr.va); v != NULL && v->start < end;) {
        struct vma *next = v->next;
        release(mm, v);
        v = next;
    }
    return OK;
}

static err choose_address(struct mm *mm, const struct mm_map_request *req, uint64_t *at) {
    uint64_t hint = align_down(req->addr.va, PAGE_SIZE), end;

    if (req->fixed || req->noreplace) {
        TRY(range_end(req->addr, req->size, &end));
        if (req->addr.va < USER_BASE)
            return ERR(EPERM); /* Linux's vm.mmap_min_addr */
        const struct vma *v = vma_at(&mm->vmas, req->addr.va);
        if (req->noreplace && v != NULL && v->start < end)
            return ERR(EEXIST);
        *at = req->addr.va;
        return OK;
    }
    if (hint != 0)
        hint = max_u64(hint, USER_BASE);
    if (hint != 0 && range_ok(hint, req->size, USER_TOP) &&
        vma_gap(&mm->vmas, hint, hint + req->size, req->size, at))
        return OK;
    return vma_gap(&mm->vmas, MMAP_BASE, USER_TOP, req->size, at) ? OK : ERR(ENOMEM);
}

/* Makes room for a fixed mapping of `bytes` new bytes. What is there stays if they cannot fit. */
static err replace(struct mm *mm, uint64_t start, uint64_t end, uint64_t bytes) {
    uint64_t freed = 0;

    for (const struct vma *v = vma_at(&mm->vmas, start); v != NULL && v->start < end; v = v->next) {
        if (v->committed)
            freed += min_u64(v->end, end) - max_u64(v->start, start);
    }
    TRY(budget_check(bytes, freed));
    return mm_unmap(mm, UADDR(start), end - start);
}

err mm_map(struct mm *mm, const struct mm_map_request *req, uaddr *out) {
    uint64_t at;

    if (req->size == 0 || !is_aligned(req->size, PAGE_SIZE))
        return ERR(EINVAL);
    TRY(choose_address(mm, req, &at));
    struct vma *v OWNED(heap_free_p) = NEW(struct vma);
    if (v == NULL)
        return ERR(ENOMEM);
    *v = (struct vma){.start = at,
                      .end = at + req->size,
                      .prot = req->prot,
                      .committed = req->prot != PROT_NONE,
                      .origin = req->origin};
    if (req->fixed)
        TRY(replace(mm, v->start, v->end, v->committed ? req->size : 0));
    if (v->committed)
        TRY(commit(v->start, v->end, v->prot));
    /* commit */
    uint64_t start = v->start, end = v->end;
    vma_insert(&mm->vmas, GIVE(v));
    vma_join(&mm->vmas, start, end);
    *out = UADDR(at);
    return OK;
}

static err protect_one(struct vma *v, uint32_t prot) {
    if (v->prot == prot)
        return OK;
    if (!v->committed && prot != PROT_NONE) {
        TRY(commit(v->start, v->end, prot));
        v->committed = true;
    } else if (v->committed) {
        TRY(pages_protect(v->start, v->end, v->prot, prot));
    }
    v->prot = prot;
    return OK;
}

/* Linux changes what lies before a hole and then complains about it. */
err mm_protect(struct mm *mm, uaddr addr, uint64_t size, uint32_t prot) {
    uint64_t end, at = addr.va;
    err e = OK;

    TRY(range_end(addr, size, &end));
    TRY(vma_split(&mm->vmas, addr.va));
    TRY(vma_split(&mm->vmas, end));
    for (struct vma *v = vma_at(&mm->vmas, at); at < end && !failed(e); v = v->next) {
        if (v == NULL || v->start > at) {
            e = ERR(ENOMEM);
            break;
        }
        e = protect_one(v, prot);
        at = v->end;
    }
    vma_join(&mm->vmas, addr.va, end);
    return e;
}

static bool is_anonymous(const struct vma *v) {
    return v->origin.name[0] == '\0' || v->origin.name[0] == '['; /* "[stack]" */
}

/* Zeroes what the program gave up; pages it may not write are opened for the moment. */
static err discard_part(const struct vma *v, uint64_t from, uint64_t to) {
    uint32_t open = PROT_READ | PROT_WRITE;

    if ((v->prot & PROT_WRITE) == 0)
        TRY(pages_protect(from, to, v->prot, open));
    TRY(user_zero(UADDR(from), to - from));
    return (v->prot & PROT_WRITE) == 0 ? pages_protect(from, to, open, v->prot) : OK;
}

err mm_discard(struct mm *mm, uaddr addr, uint64_t size) {
    uint64_t end;

    TRY(range_end(addr, size, &end));
    for (const struct vma *v = vma_at(&mm->vmas, addr.va); v != NULL && v->start < end;
         v = v->next) {
        if (v->committed && is_anonymous(v))
            TRY(discard_part(v, max_u64(v->start, addr.va), min_u64(v->end, end)));
    }
    return vma_covers(&mm->vmas, addr.va, end) ? OK : ERR(ENOMEM);
}

void mm_brk_set(struct mm *mm, uaddr start, uint64_t limit) {
    mm->brk_start = mm->brk_end = start.va;
    mm->brk_limit = start.va + min_u64(limit, USER_TOP - min_u64(start.va, USER_TOP));
}

uaddr mm_brk(struct mm *mm, uaddr want) {
    uint64_t old_top, new_top;
    uaddr at;

    if (want.va < mm->brk_start || want.va > mm->brk_limit ||
        !align_up_ok(&old_top, mm->brk_end, PAGE_SIZE) ||
        !align_up_ok(&new_top, want.va, PAGE_SIZE))
        return UADDR(mm->brk_end);
    err e = OK;
    if (new_top > old_top) {
        struct mm_map_request req = {.addr = UADDR(old_top),
                                     .size = new_top - old_top,
                                     .prot = PROT_READ | PROT_WRITE,
                                     .noreplace = true};
        e = mm_map(mm, &req, &at);
    } else if (new_top < old_top) {
        e = mm_unmap(mm, UADDR(new_top), old_top - new_top);
    }
    if (!failed(e))
        mm->brk_end = want.va;
    return UADDR(mm->brk_end);
}

const struct vma *mm_find(const struct mm *mm, uaddr addr) {
    return vma_at(&mm->vmas, addr.va);
}

const struct vma *mm_first(const struct mm *mm) {
    return mm->vmas.first;
}
