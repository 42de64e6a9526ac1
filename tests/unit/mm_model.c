/* SPDX-License-Identifier: BSD-3-Clause
 * Random sequences of map, unmap, protect and discard leave exactly what an array of pages says.
 */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "base/heap.h"
#include "enclave/mm/mm.h"
#include "tests/lib/fakemem.h"
#include "tests/lib/pages.h"

#define P      PAGE_SIZE
#define AT     0x40000000ull
#define PAGES  48u
#define BUDGET 40u /* pages: some requests do not fit */
#define SEEDS  60u
#define STEPS  400u

struct page {
    bool mapped, committed;
    uint32_t prot;
    uint8_t first; /* its first byte */
};

static struct page g_model[PAGES];
static struct mm *g_mm;
static uint64_t g_random;

static uint32_t dice(uint32_t sides) {
    g_random = g_random * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(g_random >> 33) % sides;
}

static uint32_t random_prot(void) {
    static const uint32_t prots[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE,
                                     PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC};

    return prots[dice(COUNT_OF(prots))];
}

static uint32_t committed_pages(uint32_t from, uint32_t to) {
    uint32_t n = 0;

    for (uint32_t i = from; i < to; i++)
        n += g_model[i].committed ? 1 : 0;
    return n;
}

static bool any_mapped(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        if (g_model[i].mapped)
            return true;
    }
    return false;
}

static int model_map(uint32_t from, uint32_t to, uint32_t prot, bool noreplace) {
    uint32_t others = committed_pages(0, from) + committed_pages(to, PAGES);

    if (noreplace && any_mapped(from, to))
        return EEXIST;
    if (prot != PROT_NONE && others + (to - from) > BUDGET)
        return ENOMEM;
    for (uint32_t i = from; i < to; i++)
        g_model[i] = (struct page){.mapped = true, .committed = prot != PROT_NONE, .prot = prot};
    return 0;
}

static void check_map(uint32_t from, uint32_t to) {
    struct mm_map_request req = {.addr = UADDR(AT + from * P),
                                 .size = (to - from) * P,
                                 .prot = random_prot(),
                                 .noreplace = dice(3) == 0};
    uaddr out = UADDR(0);

    req.fixed = !req.noreplace;
    int want = model_map(from, to, req.prot, req.noreplace);
    assert_int_equal(mm_map(g_mm, &req, &out).no, want);
    if (want == 0)
        assert_int_equal(out.va, AT + from * P);
}

static void check_unmap(uint32_t from, uint32_t to) {
    memset(&g_model[from], 0, (to - from) * sizeof(g_model[0]));
    assert_int_equal(mm_unmap(g_mm, UADDR(AT + from * P), (to - from) * P).no, 0);
}

/* The budget is asked for a run of like pages at a time, so the model stops when a run would not
 * fit; only sequences in which all fits are compared exactly. */
static void check_protect(uint32_t from, uint32_t to) {
    uint32_t prot = random_prot(), end = from;

    while (end < to && g_model[end].mapped)
        end++;
    uint32_t fresh = end - from - committed_pages(from, end);
    if (prot != PROT_NONE && committed_pages(0, PAGES) + fresh > BUDGET)
        return;
    for (uint32_t i = from; i < end; i++) {
        g_model[i].prot = prot;
        g_model[i].committed |= prot != PROT_NONE;
    }
    err e = mm_protect(g_mm, UADDR(AT + from * P), (to - from) * P, prot);
    assert_int_equal(e.no, end == to ? 0 : ENOMEM);
}

static void check_discard(uint32_t from, uint32_t to) {
    bool whole = true;

    for (uint32_t i = from; i < to; i++) {
        g_model[i].first = 0;
        whole &= g_model[i].mapped;
    }
    assert_int_equal(mm_discard(g_mm, UADDR(AT + from * P), (to - from) * P).no,
                     whole ? 0 : ENOMEM);
}

static void write_byte(uint32_t i) {
    uint8_t v = (uint8_t)(1 + dice(255));
    bool allowed = g_model[i].mapped && (g_model[i].prot & PROT_WRITE) != 0;

    assert_int_equal(fakemem_write(AT + i * P, CSPAN_OF(v)), allowed);
    if (allowed)
        g_model[i].first = v;
}

static void assert_page(uint32_t i) {
    uint64_t at = AT + i * P;
    const struct vma *v = mm_find(g_mm, UADDR(at));
    const struct page *p = &g_model[i];
    uint8_t first = 0;

    assert_int_equal(v != NULL && v->start <= at, p->mapped);
    assert_int_equal(fakemem_prot(at), p->committed ? p->prot : FAKEMEM_NOT_THERE);
    if (p->mapped)
        assert_int_equal(v->prot, p->prot);
    if (p->committed) {
        assert_true(fakemem_peek(SPAN_OF(first), at));
        assert_int_equal(first, p->first);
    }
}

static void assert_short_list(void) {
    for (const struct vma *v = mm_first(g_mm); v != NULL && v->next != NULL; v = v->next) {
        assert_true(v->end <= v->next->start);
        assert_false(v->end == v->next->start && v->prot == v->next->prot &&
                     v->committed == v->next->committed);
    }
}

static void step(void) {
    uint32_t from = dice(PAGES), to = from + 1 + dice(PAGES - from);

    switch (dice(6)) {
    case 0:
    case 1:
        check_map(from, to);
        break;
    case 2:
        check_unmap(from, to);
        break;
    case 3:
        check_protect(from, to);
        break;
    case 4:
        check_discard(from, to);
        break;
    default:
        write_byte(from);
    }
    for (uint32_t i = 0; i < PAGES; i++)
        assert_page(i);
    assert_int_equal(mm_budget_used(), committed_pages(0, PAGES) * P);
    assert_int_equal(fakemem_pages(), committed_pages(0, PAGES));
    assert_short_list();
}

static void random_changes_match_an_array_of_pages(void **state) {
    struct heap_count before = heap_count();

    mm_budget_set(BUDGET * P);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        g_random = seed;
        memset(g_model, 0, sizeof(g_model));
        fakemem_reset();
        assert_int_equal(mm_new(&g_mm).no, 0);
        for (uint32_t i = 0; i < STEPS; i++)
            step();
        mm_free(g_mm);
        assert_int_equal(mm_budget_used(), 0);
        assert_int_equal(fakemem_pages(), 0);
    }
    assert_int_equal(heap_count().blocks, before.blocks);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_changes_match_an_array_of_pages)};

    test_heap_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
