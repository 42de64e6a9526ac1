/* SPDX-License-Identifier: BSD-3-Clause
 * Mapping, unmapping, protecting and the heap end behave as Linux's at the corners, and whatever
 * fails leaves pages, budget and bookkeeping in agreement.
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
#define BUDGET (64 * P)
#define RW     (PROT_READ | PROT_WRITE)

static struct mm *g_mm;
static struct heap_count g_before;

static int start(void **state) {
    test_heap_init();
    fakemem_reset();
    g_before = heap_count();
    mm_budget_set(BUDGET);
    assert_false(failed(mm_new(&g_mm)));
    return 0;
}

static int stop(void **state) {
    mm_free(g_mm);
    assert_int_equal(mm_budget_used(), 0);
    assert_int_equal(fakemem_pages(), 0);
    assert_int_equal(heap_count().blocks, g_before.blocks);
    return 0;
}

static err map_how(struct mm_map_request req, uint64_t *at) {
    uaddr out = UADDR(0);
    err e = mm_map(g_mm, &req, &out);

    *at = out.va;
    return e;
}

static err map_fixed(uint64_t addr, uint64_t pages, uint32_t prot) {
    uint64_t at;

    return map_how(
        (struct mm_map_request){
            .addr = UADDR(addr), .size = pages * P, .prot = prot, .fixed = true},
        &at);
}

static void must(err e) {
    assert_int_equal(e.no, 0);
}

static void hint_zero_gives_an_address_of_the_kernels_choice(void **state) {
    uint64_t a, b;

    must(map_how((struct mm_map_request){.size = P, .prot = RW}, &a));
    must(map_how((struct mm_map_request){.size = P, .prot = RW}, &b));
    assert_true(a >= USER_BASE && b >= USER_BASE && a != b);
}

static void a_free_hint_is_taken_and_rounded_down(void **state) {
    uint64_t at;

    must(map_how((struct mm_map_request){.addr = UADDR(AT + 1), .size = P, .prot = RW}, &at));
    assert_int_equal(at, AT);
    must(map_how((struct mm_map_request){.addr = UADDR(AT), .size = P, .prot = RW}, &at));
    assert_int_not_equal(at, AT);
    must(map_how((struct mm_map_request){.addr = UADDR(P), .size = P, .prot = RW}, &at));
    assert_int_equal(at, USER_BASE);
    must(map_how((struct mm_map_request){.addr = UADDR(USER_TOP), .size = P, .prot = RW}, &at));
    assert_true(at < USER_TOP);
    must(map_how((struct mm_map_request){.addr = UADDR(UINT64_MAX), .size = P, .prot = RW}, &at));
    assert_true(at < USER_TOP);
}

static void noreplace_refuses_any_overlap(void **state) {
    uint64_t at;

    must(map_fixed(AT + P, 1, RW));
    for (uint64_t i = 0; i < 2; i++) {
        struct mm_map_request req = {
            .addr = UADDR(AT + i * P), .size = 2 * P, .prot = RW, .noreplace = true};
        assert_int_equal(map_how(req, &at).no, EEXIST);
    }
    must(map_how((struct mm_map_request){.addr = UADDR(AT), .size = P, .noreplace = true}, &at));
    assert_int_equal(at, AT);
}

static void impossible_fixed_addresses_are_refused(void **state) {
    assert_int_equal(map_fixed(AT + 1, 1, RW).no, EINVAL);
    assert_int_equal(map_fixed(0, 1, RW).no, EPERM);
    assert_int_equal(map_fixed(USER_TOP, 1, RW).no, ENOMEM);
    assert_int_equal(map_fixed(USER_TOP - P, 2, RW).no, ENOMEM);
    assert_int_equal(map_fixed(UINT64_MAX - P + 1, 1, RW).no, ENOMEM);
    assert_int_equal(map_fixed(AT, UINT64_MAX / P, RW).no, ENOMEM);
    must(map_fixed(USER_TOP - P, 1, RW));
}

static void a_size_beyond_all_addresses_is_enomem(void **state) {
    uint64_t at;

    assert_int_equal(map_how((struct mm_map_request){.size = USER_TOP}, &at).no, ENOMEM);
    assert_int_equal(map_how((struct mm_map_request){.size = UINT64_MAX - P + 1}, &at).no, ENOMEM);
    assert_int_equal(map_how((struct mm_map_request){.size = 0}, &at).no, EINVAL);
}

static void unmapping_holes_and_low_addresses_is_fine(void **state) {
    must(map_fixed(AT + P, 1, RW));
    must(mm_unmap(g_mm, UADDR(AT), 8 * P));
    must(mm_unmap(g_mm, UADDR(AT), 8 * P));
    must(mm_unmap(g_mm, UADDR(0), P));
    assert_int_equal(mm_unmap(g_mm, UADDR(AT + 1), P).no, EINVAL);
    assert_int_equal(mm_unmap(g_mm, UADDR(AT), 0).no, EINVAL);
    assert_int_equal(mm_unmap(g_mm, UADDR(AT), USER_TOP).no, ENOMEM);
    assert_int_equal(mm_unmap(g_mm, UADDR(UINT64_MAX - P + 1), P).no, ENOMEM);
    assert_int_equal(mm_budget_used(), 0);
}

static void protect_changes_what_lies_before_a_hole(void **state) {
    must(map_fixed(AT, 2, RW));
    must(map_fixed(AT + 3 * P, 1, RW));
    assert_int_equal(mm_protect(g_mm, UADDR(AT + P), 3 * P, PROT_READ).no, ENOMEM);
    assert_int_equal(fakemem_prot(AT), RW);
    assert_int_equal(fakemem_prot(AT + P), PROT_READ);
    assert_int_equal(fakemem_prot(AT + 3 * P), RW);
    assert_int_equal(mm_protect(g_mm, UADDR(AT + 2 * P), P, PROT_READ).no, ENOMEM);
    assert_int_equal(mm_protect(g_mm, UADDR(AT), UINT64_MAX - P + 1, PROT_READ).no, ENOMEM);
}

static void reservations_cost_nothing_until_they_are_used(void **state) {
    must(map_fixed(AT, 1 << 20, PROT_NONE));
    assert_int_equal(mm_budget_used(), 0);
    must(mm_protect(g_mm, UADDR(AT + 7 * P), 2 * P, RW));
    assert_int_equal(mm_budget_used(), 2 * P);
    assert_int_equal(fakemem_pages(), 2);
    assert_int_equal(mm_protect(g_mm, UADDR(AT), BUDGET + P, RW).no, ENOMEM);
    assert_int_equal(mm_budget_used(), 9 * P); /* the part before the one that did not fit */
}

static void a_fixed_mapping_beyond_the_budget_keeps_what_was_there(void **state) {
    const uint8_t byte = 7;
    uint8_t got = 0;

    must(map_fixed(AT, 4, RW));
    assert_true(fakemem_write(AT, CSPAN_OF(byte)));
    assert_int_equal(map_fixed(AT, 65, RW).no, ENOMEM);
    assert_true(fakemem_read(SPAN_OF(got), AT));
    assert_int_equal(got, 7);
    must(map_fixed(AT, 64, RW)); /* what it replaces counts as free */
    assert_int_equal(mm_budget_used(), BUDGET);
    assert_true(fakemem_read(SPAN_OF(got), AT));
    assert_int_equal(got, 0);
}

static void discard_zeroes_memory_but_not_file_pages(void **state) {
    const uint8_t byte = 9;
    uint8_t got[3];
    uint64_t at;
    struct mm_map_request file = {
        .addr = UADDR(AT + P), .size = P, .prot = RW, .fixed = true, .origin = {.name = "/f"}};
    struct mm_map_request stack = {
        .addr = UADDR(AT + 2 * P), .size = P, .prot = RW, .fixed = true, .origin = {"[stack]", 0}};

    must(map_fixed(AT, 1, RW));
    must(map_how(file, &at));
    must(map_how(stack, &at));
    for (uint64_t i = 0; i < 3; i++)
        assert_true(fakemem_write(AT + i * P, CSPAN_OF(byte)));
    must(mm_protect(g_mm, UADDR(AT), P, PROT_READ));
    assert_int_equal(mm_discard(g_mm, UADDR(AT), 4 * P).no, ENOMEM);
    for (uint64_t i = 0; i < 3; i++)
        assert_true(fakemem_read(span_of(&got[i], 1), AT + i * P));
    assert_memory_equal(got, ((uint8_t[]){0, 9, 0}), 3);
    assert_int_equal(fakemem_prot(AT), PROT_READ);
    must(mm_discard(g_mm, UADDR(AT), 3 * P));
}

static void brk_moves_in_its_window_only(void **state) {
    mm_brk_set(g_mm, UADDR(AT), 8 * P);
    assert_int_equal(mm_brk(g_mm, UADDR(0)).va, AT);
    assert_int_equal(mm_brk(g_mm, UADDR(AT - 1)).va, AT);
    assert_int_equal(mm_brk(g_mm, UADDR(AT + 8 * P + 1)).va, AT);
    assert_int_equal(mm_brk(g_mm, UADDR(UINT64_MAX)).va, AT);
    assert_int_equal(mm_brk(g_mm, UADDR(AT + 1)).va, AT + 1);
    assert_int_equal(fakemem_pages(), 1);
    assert_int_equal(mm_brk(g_mm, UADDR(AT + P)).va, AT + P);
    assert_int_equal(fakemem_pages(), 1);
    assert_int_equal(mm_brk(g_mm, UADDR(AT + 8 * P)).va, AT + 8 * P);
    assert_int_equal(mm_brk(g_mm, UADDR(AT)).va, AT);
    assert_int_equal(fakemem_pages(), 0);
}

static void brk_does_not_grow_over_a_mapping(void **state) {
    mm_brk_set(g_mm, UADDR(AT), 8 * P);
    must(map_fixed(AT + 2 * P, 1, RW));
    assert_int_equal(mm_brk(g_mm, UADDR(AT + 2 * P)).va, AT + 2 * P);
    assert_int_equal(mm_brk(g_mm, UADDR(AT + 3 * P)).va, AT + 2 * P);
    mm_brk_set(g_mm, UADDR(AT), UINT64_MAX);
    assert_int_equal(mm_brk(g_mm, UADDR(USER_TOP + P)).va, AT);
}

/* A few mappings to work on: read-write, read-only, reserved, and a hole. */
static void lay_out(void) {
    must(map_fixed(AT, 4, RW));
    must(map_fixed(AT + 4 * P, 4, PROT_READ));
    must(map_fixed(AT + 8 * P, 4, PROT_NONE));
    must(map_fixed(AT + 14 * P, 2, RW));
}

static err do_map(void) {
    return map_fixed(AT + 2 * P, 8, PROT_READ);
}

static err do_unmap(void) {
    return mm_unmap(g_mm, UADDR(AT + P), 9 * P);
}

static err do_protect(void) {
    return mm_protect(g_mm, UADDR(AT + P), 9 * P, RW);
}

static err do_discard(void) {
    return mm_discard(g_mm, UADDR(AT + P), 8 * P);
}

static err do_grow(void) {
    mm_brk_set(g_mm, UADDR(AT + 20 * P), 8 * P);
    return mm_brk(g_mm, UADDR(AT + 24 * P)).va == AT + 24 * P ? OK : ERR(ENOMEM);
}

/* Every page is where the bookkeeping says, and is counted. */
static void assert_consistent(void) {
    uint64_t pages = 0, end = 0;

    for (const struct vma *v = mm_first(g_mm); v != NULL; v = v->next) {
        assert_true(v->start >= end && v->start < v->end);
        end = v->end;
        for (uint64_t at = v->start; at < v->end; at += P) {
            assert_int_equal(fakemem_prot(at) != FAKEMEM_NOT_THERE, v->committed);
            pages += v->committed ? 1 : 0;
        }
    }
    assert_int_equal(fakemem_pages(), pages);
    assert_int_equal(mm_budget_used(), pages * P);
}

/* Lets the n-th allocation, or the n-th host call, of an operation fail, for every n. */
static void fail_everywhere(err (*op)(void), void (*fail_at)(uint64_t)) {
    for (uint64_t n = 1; n < 40; n++) {
        start(NULL);
        lay_out();
        fail_at(n);
        err e = op();
        fail_at(0);
        assert_consistent();
        if (failed(e))
            assert_int_equal(e.no, ENOMEM);
        stop(NULL);
        if (!failed(e))
            return;
    }
    fail_msg("still failing");
}

static void every_failure_is_enomem_and_leaves_all_in_agreement(void **state) {
    err (*const ops[])(void) = {do_map, do_unmap, do_protect, do_discard, do_grow};

    mm_free(g_mm);
    for (size_t i = 0; i < COUNT_OF(ops); i++) {
        fail_everywhere(ops[i], heap_fail_at);
        fail_everywhere(ops[i], fakemem_fail_at);
    }
    start(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(hint_zero_gives_an_address_of_the_kernels_choice),
        TEST(a_free_hint_is_taken_and_rounded_down),
        TEST(noreplace_refuses_any_overlap),
        TEST(impossible_fixed_addresses_are_refused),
        TEST(a_size_beyond_all_addresses_is_enomem),
        TEST(unmapping_holes_and_low_addresses_is_fine),
        TEST(protect_changes_what_lies_before_a_hole),
        TEST(reservations_cost_nothing_until_they_are_used),
        TEST(a_fixed_mapping_beyond_the_budget_keeps_what_was_there),
        TEST(discard_zeroes_memory_but_not_file_pages),
        TEST(brk_moves_in_its_window_only),
        TEST(brk_does_not_grow_over_a_mapping),
        TEST(every_failure_is_enomem_and_leaves_all_in_agreement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
