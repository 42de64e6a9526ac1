/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One mmap a call, one page larger than asked for; the last page loses its rights.
 */
#include "tests/lib/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/mem.h"

#define PAGE 4096

static size_t g_out;
static uint64_t g_limit = UINT64_MAX;

static bool may_give(void) {
    uint64_t left = __atomic_load_n(&g_limit, __ATOMIC_RELAXED);

    do {
        if (left == 0)
            return false;
        if (left == UINT64_MAX)
            return true;
    } while (!__atomic_compare_exchange_n(&g_limit, &left, left - 1, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    return true;
}

static void *get(size_t count) {
    if (!may_give())
        return NULL;
    char *p =
        mmap(NULL, (count + 1) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    if (mprotect(p + count * PAGE, PAGE, PROT_NONE) != 0) {
        munmap(p, (count + 1) * PAGE);
        return NULL;
    }
    __atomic_add_fetch(&g_out, count, __ATOMIC_RELAXED);
    return p;
}

/* Pages come back zeroed, or secrets would travel with them. */
static void put(void *pages, size_t count) {
    if (!mem_is_zero(pages, count * PAGE))
        abort();
    __atomic_sub_fetch(&g_out, count, __ATOMIC_RELAXED);
    munmap(pages, (count + 1) * PAGE);
}

static const struct page_source g_source = {.get = get, .put = put};

void test_heap_init(void) {
    static bool done;

    if (!done)
        heap_init(&g_source);
    done = true;
}

size_t test_pages_out(void) {
    return __atomic_load_n(&g_out, __ATOMIC_RELAXED);
}

void test_pages_limit(uint64_t n) {
    __atomic_store_n(&g_limit, n, __ATOMIC_RELAXED);
}
