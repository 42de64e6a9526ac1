/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A bump pointer over the kernel heap window, and a free list for each power of two. A run is
 * rounded up to its class, so any freed run of a class fits any request of it. The first words of
 * a free run hold the link; they are wiped when the run is given out again.
 */
#include "enclave/mm/kpages.h"

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/mem.h"
#include "enclave/mm/pages.h"

#define CLASSES     20
#define COMMIT_STEP (LAYOUT_U64(1) << 20)

struct free_run {
    struct free_run *next;
};

/* Guarded by g_lock, a leaf. */
static struct {
    uint64_t next, committed, limit;
    struct free_run *free[CLASSES];
} g;
static struct spinlock g_lock;

/* Set while a vCPU asks the host for pages: no spinlock is held then, others wait for the flag. */
static uint32_t g_growing;

void kpages_init(uint64_t budget_bytes) {
    g.next = g.committed = KHEAP_BASE;
    g.limit = KHEAP_BASE + min_u64(align_down(budget_bytes, PAGE_SIZE), KHEAP_SPAN);
}

static unsigned class_of(size_t count) {
    unsigned c = 0;

    while (((size_t)1 << c) < count)
        c++;
    return c;
}

/* Commits the next step, at least `size` bytes; the caller tries again then. */
static err commit_step(uint64_t size) {
    uint64_t from, step;

    spin_lock(&g_lock);
    from = g.committed;
    step = min_u64(max_u64(size, COMMIT_STEP), g.limit - from);
    spin_unlock(&g_lock);
    if (step < size) {
        log_err("mm",
                "the kernel heap is full: raise resource_limits.kernel_space_heap_size (%llu "
                "bytes) in Occlum.json and build again",
                (unsigned long long)(g.limit - KHEAP_BASE));
        return ERR(ENOMEM);
    }
    TRY(pages_commit(from, from + step));
    spin_lock(&g_lock);
    g.committed = from + step;
    spin_unlock(&g_lock);
    return OK;
}

static err grow(uint64_t size) {
    if (__atomic_exchange_n(&g_growing, 1, __ATOMIC_ACQUIRE) != 0) {
        __builtin_ia32_pause();
        return OK; /* another vCPU grows it: look again */
    }
    err e = commit_step(size);
    __atomic_store_n(&g_growing, 0, __ATOMIC_RELEASE);
    return e;
}

/* `size` fresh bytes from the committed window; 0 if there is no more. */
static uint64_t bump(uint64_t size) {
    uint64_t at;

    for (;;) {
        spin_lock(&g_lock);
        at = g.next;
        bool fits = size <= g.committed - at;
        if (fits)
            g.next = at + size;
        spin_unlock(&g_lock);
        if (fits)
            return at;
        if (failed(grow(size)))
            return 0;
    }
}

static void *run_get(size_t count) {
    unsigned c = class_of(count);

    if (count == 0 || c >= CLASSES)
        return NULL;
    spin_lock(&g_lock);
    struct free_run *run = g.free[c];
    if (run != NULL)
        g.free[c] = run->next;
    spin_unlock(&g_lock);
    if (run == NULL)
        run = (struct free_run *)(uintptr_t)bump(PAGE_SIZE << c);
    if (run != NULL)
        run->next = NULL;
    return run;
}

static void run_put(void *pages, size_t count) {
    struct free_run *run = pages;
    unsigned c = class_of(count);

    mem_zero(pages, count * PAGE_SIZE);
    spin_lock(&g_lock);
    run->next = g.free[c];
    g.free[c] = run;
    spin_unlock(&g_lock);
}

const struct page_source kpages_source = {.get = run_get, .put = run_put};

uint64_t kpages_stack(uint64_t size) {
    uint64_t guard = bump(PAGE_SIZE + size);

    if (guard == 0 ||
        failed(pages_protect(guard, guard + PAGE_SIZE, PROT_READ | PROT_WRITE, PROT_NONE)))
        return 0;
    return guard + PAGE_SIZE + size;
}
