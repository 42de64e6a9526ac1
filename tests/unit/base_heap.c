/* SPDX-License-Identifier: BSD-3-Clause
 * The heap gives out zeroed, disjoint, aligned blocks, survives missing memory at every step, and
 * ends the process at every misuse it promises to find.
 */
#include "tests/lib/unit.h"

#include <pthread.h>

#include "base/heap.h"
#include "base/mem.h"
#include "tests/lib/dies.h"
#include "tests/lib/pages.h"

static uint64_t next_random(uint64_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void sizes_and_alignment_are_kept(void **state) {
    for (size_t size = 0; size < 20000; size += size < 4200 ? 1 : 997) {
        void *p = heap_alloc(size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        assert_int_equal(heap_size(p), size);
        assert_true(mem_is_zero(p, size));
        memset(p, 0xff, size);
        heap_free(p);
    }
    assert_int_equal(heap_count().blocks, 0);
    assert_int_equal(heap_count().bytes, 0);
}

static void free_of_null_is_nothing(void **state) {
    heap_free(NULL);
    char *p OWNED(heap_free_p) = heap_alloc(10);
    char *q OWNED(heap_free_p) = NULL;
    assert_non_null(p);
    assert_null(q);
}

static void absurd_sizes_are_refused(void **state) {
    volatile size_t huge = SIZE_MAX;

    assert_null(heap_alloc(huge));
    assert_null(heap_alloc(huge - 4095));
    assert_null(heap_alloc(huge / 2));
}

#define MODEL_BLOCKS 600

struct model_block {
    uint8_t *p;
    size_t size;
    uint8_t mark;
};

static size_t model_size(uint64_t r) {
    static const size_t limits[] = {16, 64, 300, 1100, 3100, 20000};

    return (r >> 8) % limits[r % 6];
}

static void model_replace(struct model_block *b, uint64_t r) {
    if (b->p != NULL) {
        assert_true(mem_is(b->p, b->mark, b->size));
        assert_int_equal(heap_size(b->p), b->size);
        heap_free(b->p);
        b->p = NULL;
        return;
    }
    b->size = model_size(r);
    b->mark = (uint8_t)(r >> 40 | 1);
    b->p = heap_alloc(b->size);
    assert_non_null(b->p);
    assert_true(mem_is_zero(b->p, b->size));
    memset(b->p, b->mark, b->size);
}

static void random_blocks_keep_their_bytes(void **state) {
    static struct model_block blocks[MODEL_BLOCKS];
    uint64_t seed = 20260101;
    size_t live = 0;
    size_t bytes = 0;

    for (unsigned i = 0; i < 200000; i++) {
        uint64_t r = next_random(&seed);
        model_replace(&blocks[r % MODEL_BLOCKS], r >> 10);
    }
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        live += blocks[i].p != NULL ? 1 : 0;
        bytes += blocks[i].p != NULL ? blocks[i].size : 0;
    }
    assert_int_equal(heap_count().blocks, live);
    assert_int_equal(heap_count().bytes, bytes);
    for (size_t i = 0; i < MODEL_BLOCKS; i++) {
        if (blocks[i].p != NULL)
            model_replace(&blocks[i], 0);
    }
    assert_int_equal(heap_count().blocks, 0);
}

static void pages_go_back_to_the_source(void **state) {
    enum { N = 4000 };
    static void *blocks[N];
    size_t before;

    heap_free(heap_alloc(500));
    before = test_pages_out();
    for (size_t i = 0; i < N; i++)
        assert_non_null(blocks[i] = heap_alloc(500));
    assert_true(test_pages_out() >= before + N * 500 / 4096);
    for (size_t i = 0; i < N; i++)
        heap_free(blocks[(i * 7) % N]);
    /* Descriptors stay: 40 bytes a page at most. */
    assert_true(test_pages_out() <= before + N * 512 / 4096 / 10 + 4);
}

static void freed_slot_rests_before_reuse(void **state) {
    void *first = heap_alloc(100);
    void *second;

    heap_free(first);
    second = heap_alloc(100);
    assert_ptr_not_equal(first, second);
    heap_free(second);
}

static void nth_allocation_fails(void **state) {
    void *p[3];

    heap_fail_at(2);
    for (int i = 0; i < 3; i++)
        p[i] = heap_alloc(i == 1 ? 100000 : 10);
    assert_non_null(p[0]);
    assert_null(p[1]);
    assert_non_null(p[2]);
    heap_free(p[0]);
    heap_free(p[2]);
    heap_fail_at(0);
}

/* Any subset of page requests may fail; what was built until then is undone or stays usable. */
static void missing_pages_fail_cleanly(void **state) {
    static const size_t sizes[] = {10, 60, 700, 2000, 5000, 3000000};

    for (uint64_t limit = 0; limit < 24; limit++) {
        void *p[COUNT_OF(sizes) * 8];
        test_pages_limit(limit);
        for (size_t i = 0; i < COUNT_OF(p); i++)
            p[i] = heap_alloc(sizes[i % COUNT_OF(sizes)]);
        test_pages_limit(UINT64_MAX);
        for (size_t i = 0; i < COUNT_OF(p); i++)
            heap_free(p[i]);
        assert_int_equal(heap_count().blocks, 0);
    }
}

static void *volatile g_kept;

static void crime_double_free_small(void) {
    char *p = heap_alloc(40);

    heap_free(p);
    heap_free(p);
}

static void crime_double_free_large(void) {
    char *p = heap_alloc(40000);

    heap_free(p);
    heap_free(p);
}

static void crime_free_inside_small(void) {
    char *p = heap_alloc(200);

    heap_free(p + 16);
}

static void crime_free_inside_large(void) {
    char *p = heap_alloc(40000);

    heap_free(p + 16);
}

static void crime_free_second_page(void) {
    char *p = heap_alloc(40000);

    heap_free(p + 4096);
}

static void crime_free_stack(void) {
    char here[16];

    g_kept = here;
    heap_free(g_kept);
}

static void crime_free_wild(void) {
    heap_free((void *)(uintptr_t)0xdead00000000beefU);
}

static void crime_size_of_freed(void) {
    char *p = heap_alloc(40);

    heap_free(p);
    (void)heap_size(p);
}

static void crime_write_behind_small(void) {
    char *volatile p = heap_alloc(64);

    p[64] = 0;
    heap_free(p);
}

static void crime_write_behind_large(void) {
    char *volatile p = heap_alloc(5000);

    p[5000] = 0;
    heap_free(p);
}

static void crime_write_after_free(void) {
    char *volatile p = heap_alloc(64);

    heap_free(p);
    p[10] = 1;
    for (int i = 0; i < 200; i++)
        g_kept = heap_alloc(64);
}

static void crime_write_before_pages_go_back(void) {
    static char *blocks[100];

    for (size_t i = 0; i < 100; i++)
        blocks[i] = heap_alloc(800);
    char *volatile first = blocks[0];
    heap_free(blocks[0]);
    first[3] = 1;
    for (size_t i = 99; i > 0; i--)
        heap_free(blocks[i]);
}

static void misuse_is_named(void **state) {
    assert_dies_of("double free", crime_double_free_small);
    assert_dies_of("double free", crime_double_free_large);
    assert_dies_of("bad free", crime_free_inside_small);
    assert_dies_of("bad free", crime_free_inside_large);
    assert_dies_of("bad free", crime_free_stack);
    assert_dies_of("bad free", crime_free_wild);
    assert_dies_of("double free", crime_size_of_freed);
    assert_dies_of("write behind block", crime_write_behind_small);
    assert_dies_of("write behind block", crime_write_behind_large);
    assert_dies_of("write after free", crime_write_after_free);
    assert_dies_of("write after free", crime_write_before_pages_go_back);
}

/* Its name depends on whether the page once was the start of another block. */
static void free_of_an_inner_page_dies(void **state) {
    const char *name = dies_of(crime_free_second_page);

    assert_true(strcmp(name, "bad free") == 0 || strcmp(name, "double free") == 0);
}

static void crime_read_after_free(void) {
    char *volatile p = heap_alloc(64);

    heap_free(p);
    if (p[10] == 0)
        g_kept = p;
}

static void asan_sees_reads_of_freed_memory(void **state) {
    assert_string_equal(dies_of(crime_read_after_free), has_asan() ? "sanitizer" : "exit");
}

#define THREADS 4

/* Every thread frees what its neighbour allocated: blocks cross threads through `slots`. */
static uint8_t *g_slots[64];

static void *worker(void *arg) {
    uint64_t seed = (uintptr_t)arg * 7919 + 1;

    for (unsigned i = 0; i < 20000; i++) {
        uint64_t r = next_random(&seed);
        size_t size = model_size(r >> 8);
        uint8_t *p = heap_alloc(size);
        if (p == NULL || !mem_is_zero(p, size))
            return arg;
        mem_fill(p, 0x5a, size);
        uint8_t *other = __atomic_exchange_n(&g_slots[r % 64], p, __ATOMIC_ACQ_REL);
        if (other != NULL && !mem_is(other, 0x5a, heap_size(other)))
            return arg;
        heap_free(other);
    }
    return NULL;
}

static void threads_share_the_heap(void **state) {
    pthread_t threads[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, worker, (void *)(i + 1)), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *failed_in = NULL;
        pthread_join(threads[i], &failed_in);
        assert_null(failed_in);
    }
    for (size_t i = 0; i < 64; i++)
        heap_free(g_slots[i]);
    assert_int_equal(heap_count().blocks, 0);
    assert_int_equal(heap_count().bytes, 0);
}

static int init(void **state) {
    test_heap_init();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_alignment_are_kept),
        cmocka_unit_test(free_of_null_is_nothing),
        cmocka_unit_test(absurd_sizes_are_refused),
        cmocka_unit_test(random_blocks_keep_their_bytes),
        cmocka_unit_test(pages_go_back_to_the_source),
        cmocka_unit_test(freed_slot_rests_before_reuse),
        cmocka_unit_test(nth_allocation_fails),
        cmocka_unit_test(missing_pages_fail_cleanly),
        cmocka_unit_test(misuse_is_named),
        cmocka_unit_test(free_of_an_inner_page_dies),
        cmocka_unit_test(asan_sees_reads_of_freed_memory),
        cmocka_unit_test(threads_share_the_heap),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
