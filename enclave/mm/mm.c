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
#include "enclave/host/call.h"
#include "enclave/mm/vma.h"

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

static err budget_take(uint64_t bytes) {
    if (bytes > g_budget - g_used) {
        log_err("mm",
                "out of memory: %llu bytes more would exceed resource_limits.user_space_size "
                "(%llu bytes, %llu in use); raise it in Occlum.json and build again",
                (unsigned long long)bytes, (unsigned long long)g_budget,
                (unsigned long long)g_used);
        return ERR(ENOMEM);
    }
    g_used += bytes;
    return OK;
}

err mm_new(struct mm **out) {
    struct mm *mm = NEW(struct mm);

    if (mm == NULL)
        return ERR(ENOMEM);
    *out = mm;
    return OK;
}

static err range_check(uaddr addr, uint64_t size) {
    if (size == 0 || !is_aligned(addr.va, PAGE_SIZE) || !is_aligned(size, PAGE_SIZE))
        return ERR(EINVAL);
    if (addr.va < USER_BASE || !range_ok(addr.va, size, USER_TOP))
        return ERR(ENOMEM);
    return OK;
}

/* Makes the pages of a new or reserved range usable with `prot`. */
static err commit(uint64_t start, uint64_t end, uint32_t prot) {
    TRY(budget_take(end - start));
    err e = host_mem_commit(start, end - start);
    if (!failed(e) && prot != (PROT_READ | PROT_WRITE))
        e = host_mem_protect(start, end - start, prot);
    if (failed(e)) {
        g_used -= end - start;
        return ERR(ENOMEM);
    }
    return OK;
}

static void release(struct mm *mm, struct vma *v) {
    /* The host may keep the pages; it loses nothing by lying and gains nothing. */
    err ignored = host_mem_release(v->start, v->end - v->start);

    (void)ignored.no;
    if (v->committed)
        g_used -= v->end - v->start;
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
    uint64_t end = addr.va + size;

    TRY(range_check(addr, size));
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
    if (req->fixed || req->noreplace) {
        TRY(range_check(req->addr, req->size));
        const struct vma *v = vma_at(&mm->vmas, req->addr.va);
        if (req->noreplace && v != NULL && v->start < req->addr.va + req->size)
            return ERR(EEXIST);
        *at = req->addr.va;
        return OK;
    }
    if (req->addr.va >= USER_BASE && is_aligned(req->addr.va, PAGE_SIZE) &&
        range_ok(req->addr.va, req->size, USER_TOP) &&
        vma_gap(&mm->vmas, req->addr.va, req->addr.va + req->size, req->size, at))
        return OK;
    return vma_gap(&mm->vmas, MMAP_BASE, USER_TOP, req->size, at) ? OK : ERR(ENOMEM);
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
        TRY(mm_unmap(mm, UADDR(at), req->size));
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
    } else if (v->committed && failed(host_mem_protect(v->start, v->end - v->start, prot))) {
        return ERR(ENOMEM);
    }
    v->prot = prot;
    return OK;
}

err mm_protect(struct mm *mm, uaddr addr, uint64_t size, uint32_t prot) {
    uint64_t end = addr.va + size;
    err e = OK;

    TRY(range_check(addr, size));
    if (!vma_covers(&mm->vmas, addr.va, end))
        return ERR(ENOMEM);
    TRY(vma_split(&mm->vmas, addr.va));
    TRY(vma_split(&mm->vmas, end));
    for (struct vma *v = vma_at(&mm->vmas, addr.va); v != NULL && v->start < end && !failed(e);
         v = v->next)
        e = protect_one(v, prot);
    vma_join(&mm->vmas, addr.va, end);
    return e;
}

err mm_discard(struct mm *mm, uaddr addr, uint64_t size) {
    uint64_t end = addr.va + size;

    TRY(range_check(addr, size));
    if (!vma_covers(&mm->vmas, addr.va, end))
        return ERR(ENOMEM);
    for (const struct vma *v = vma_at(&mm->vmas, addr.va); v != NULL && v->start < end;
         v = v->next) {
        uint64_t from = max_u64(v->start, addr.va);
        uint64_t to = min_u64(v->end, end);
        if (!v->committed || v->origin.name[0] != '\0')
            continue;
        if (failed(host_mem_commit(from, to - from)) ||
            failed(host_mem_protect(from, to - from, v->prot)))
            return ERR(ENOMEM);
    }
    return OK;
}

void mm_brk_set(struct mm *mm, uaddr start, uint64_t limit) {
    mm->brk_start = mm->brk_end = start.va;
    mm->brk_limit = start.va + limit;
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
