/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A small table of pages, searched by hash; a page that was released keeps its slot, so that
 * searches go on behind it.
 */
#include "tests/lib/fakemem.h"

#include <stdlib.h>
#include <string.h>

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "enclave/host/call.h"

#define SLOTS 8192u

struct page {
    uint64_t number; /* address / PAGE_SIZE; 0: the slot was never used */
    bool there;
    uint32_t prot;
    uint8_t bytes[PAGE_SIZE];
};

static struct page *g_slots[SLOTS];
static uint64_t g_pages, g_fail_at;

void fakemem_reset(void) {
    for (size_t i = 0; i < SLOTS; i++) {
        free(g_slots[i]);
        g_slots[i] = NULL;
    }
    g_pages = g_fail_at = 0;
}

uint64_t fakemem_pages(void) {
    return g_pages;
}

void fakemem_fail_at(uint64_t n) {
    g_fail_at = n;
}

static bool fails_now(void) {
    return g_fail_at != 0 && --g_fail_at == 0;
}

/* The slot of a page; with `make`, made now if there is none. */
static struct page *page_of(uint64_t at, bool make) {
    uint64_t number = at / PAGE_SIZE;

    for (uint64_t i = 0; i < SLOTS; i++) {
        struct page **slot = &g_slots[(number + i) % SLOTS];
        if (*slot == NULL && make) {
            *slot = calloc(1, sizeof(struct page));
            (*slot)->number = number;
        }
        if (*slot == NULL || (*slot)->number == number)
            return *slot;
    }
    abort();
}

uint32_t fakemem_prot(uint64_t at) {
    const struct page *p = page_of(at, false);

    return p != NULL && p->there ? p->prot : FAKEMEM_NOT_THERE;
}

err host_mem_commit(uint64_t addr, uint64_t size) {
    if (fails_now())
        return ERR(EIO);
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE) {
        struct page *p = page_of(at, true);
        g_pages += p->there ? 0 : 1;
        p->there = true;
        p->prot = PROT_READ | PROT_WRITE;
        memset(p->bytes, 0, PAGE_SIZE);
    }
    return OK;
}

err host_mem_protect(uint64_t addr, uint64_t size, uint32_t prot) {
    if (fails_now())
        return ERR(EIO);
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE) {
        struct page *p = page_of(at, false);
        if (p == NULL || !p->there)
            abort(); /* the caller's bookkeeping is wrong */
        p->prot = prot;
    }
    return OK;
}

err host_mem_trim(uint64_t addr, uint64_t size) {
    return OK;
}

err host_mem_release(uint64_t addr, uint64_t size) {
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE) {
        struct page *p = page_of(at, false);
        if (p != NULL && p->there) {
            p->there = false;
            g_pages--;
        }
    }
    return OK;
}

/* The part of a page that [at, at + n) begins with; NULL if it may not be used so. */
static uint8_t *part(uint64_t at, size_t left, uint32_t need, size_t *n) {
    struct page *p = page_of(at, false);

    if (p == NULL || !p->there || (p->prot & need) != need)
        return NULL;
    *n = (size_t)min_u64(left, PAGE_SIZE - at % PAGE_SIZE);
    return &p->bytes[at % PAGE_SIZE];
}

static bool copy_out(span dst, uint64_t at, uint32_t need) {
    size_t n;

    for (size_t done = 0; done < dst.n; done += n) {
        const uint8_t *bytes = part(at + done, dst.n - done, need, &n);
        if (bytes == NULL)
            return false;
        memcpy(dst.p + done, bytes, n);
    }
    return true;
}

bool fakemem_peek(span dst, uint64_t at) {
    return copy_out(dst, at, PROT_NONE);
}

bool fakemem_read(span dst, uint64_t at) {
    return copy_out(dst, at, PROT_READ);
}

bool fakemem_write(uint64_t at, cspan src) {
    size_t n;

    for (size_t done = 0; done < src.n; done += n) {
        uint8_t *bytes = part(at + done, src.n - done, PROT_WRITE, &n);
        if (bytes == NULL)
            return false;
        memcpy(bytes, src.p + done, n);
    }
    return true;
}

bool fakemem_zero(uint64_t at, size_t n) {
    static const uint8_t zeroes[PAGE_SIZE];

    for (size_t done = 0; done < n; done += PAGE_SIZE) {
        if (!fakemem_write(at + done, cspan_of(zeroes, (size_t)min_u64(PAGE_SIZE, n - done))))
            return false;
    }
    return true;
}
