/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A bump pointer over the kernel heap window, and a free list for each power of two. A run is
 * rounded up to its class, so any freed run of a class fits any request of it. The first words of
 * a free run hold the link; they are wiped when the run is given out again.
 */
#include "enclave/mm/kpages.h"

#include "abi/image/layout.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/mem.h"
#include "enclave/host/call.h"

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

/* Moves the bump pointer by `size` bytes and commits what is new; 0 if the window is full. */
static uint64_t bump(uint64_t size) {
    uint64_t at = g.next;
    uint64_t end = at + size;

    if (size > g.limit - at) {
        log_err("mm",
                "the kernel heap is full: raise resource_limits.kernel_space_heap_size (%llu "
                "bytes) in Occlum.json and build again",
                (unsigned long long)(g.limit - KHEAP_BASE));
        return 0;
    }
    if (end > g.committed) {
        uint64_t step = min_u64(max_u64(end - g.committed, COMMIT_STEP), g.limit - g.committed);
        if (failed(host_mem_commit(g.committed, step)))
            return 0;
        g.committed += step;
    }
    g.next = end;
    return at;
}

static void *run_get(size_t count) {
    unsigned c = class_of(count);

    if (count == 0 || c >= CLASSES)
        return NULL;
    spin_lock(&g_lock);
    struct free_run *run = g.free[c];
    if (run != NULL)
        g.free[c] = run->next;
    else
        run = (struct free_run *)(uintptr_t)bump(PAGE_SIZE << c);
    spin_unlock(&g_lock);
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
    spin_lock(&g_lock);
    /* The guard: a page that lies between committed ranges and is made inaccessible. */
    uint64_t guard = bump(PAGE_SIZE + size);
    spin_unlock(&g_lock);
    if (guard == 0 || failed(host_mem_protect(guard, PAGE_SIZE, 0)))
        return 0;
    return guard + PAGE_SIZE + size;
}
