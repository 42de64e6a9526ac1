/* SPDX-License-Identifier: BSD-3-Clause
 * A pool's memory keeps its type: it never serves another pool or the heap again.
 */
#include "tests/lib/unit.h"

#include "base/heap.h"
#include "base/mem.h"
#include "base/pool.h"
#include "tests/lib/dies.h"
#include "tests/lib/pages.h"

struct animal {
    uint64_t legs;
    char name[56];
};

struct plant {
    uint64_t leaves;
    char name[56];
};

struct building {
    char rooms[9000];
};

static struct pool g_animals = POOL_INIT(g_animals, struct animal);
static struct pool g_plants = POOL_INIT(g_plants, struct plant);
static struct pool g_buildings = POOL_INIT(g_buildings, struct building);

#define N 500

static void objects_come_zeroed_and_counted(void **state) {
    static struct animal *a[N];

    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < N; i++) {
            a[i] = POOL_NEW(&g_animals, struct animal);
            assert_non_null(a[i]);
            assert_true(mem_is_zero(a[i], sizeof(*a[i])));
            memset(a[i], 0xee, sizeof(*a[i]));
        }
        assert_int_equal(pool_live(&g_animals), N);
        for (size_t i = 0; i < N; i++)
            pool_free(&g_animals, a[i]);
        assert_int_equal(pool_live(&g_animals), 0);
    }
    pool_free(&g_animals, NULL);
}

static void large_objects_fit(void **state) {
    struct building *b[20];

    for (size_t i = 0; i < 20; i++) {
        b[i] = POOL_NEW(&g_buildings, struct building);
        assert_non_null(b[i]);
        memset(b[i], 1, sizeof(*b[i]));
    }
    for (size_t i = 0; i < 20; i++)
        pool_free(&g_buildings, b[i]);
}

static bool was_animal(struct animal *const *a, const void *p) {
    for (size_t i = 0; i < N; i++) {
        if (((uintptr_t)a[i] & ~(uintptr_t)4095) == ((uintptr_t)p & ~(uintptr_t)4095))
            return true;
    }
    return false;
}

static void memory_of_a_type_stays_of_that_type(void **state) {
    static struct animal *a[N];
    size_t before;

    for (size_t i = 0; i < N; i++)
        a[i] = POOL_NEW(&g_animals, struct animal);
    before = test_pages_out();
    for (size_t i = 0; i < N; i++)
        pool_free(&g_animals, a[i]);
    assert_int_equal(test_pages_out(), before);
    for (size_t i = 0; i < N; i++) {
        assert_false(was_animal(a, POOL_NEW(&g_plants, struct plant)));
        assert_false(was_animal(a, heap_alloc(sizeof(struct animal))));
    }
}

static void allocation_fails_where_told(void **state) {
    struct animal *a;

    heap_fail_at(1);
    assert_null(POOL_NEW(&g_animals, struct animal));
    a = POOL_NEW(&g_animals, struct animal);
    assert_non_null(a);
    pool_free(&g_animals, a);
}

static void crime_double_free(void) {
    struct animal *a = POOL_NEW(&g_animals, struct animal);

    pool_free(&g_animals, a);
    pool_free(&g_animals, a);
}

static void crime_wrong_pool(void) {
    pool_free(&g_plants, POOL_NEW(&g_animals, struct animal));
}

static void crime_heap_block(void) {
    pool_free(&g_plants, heap_alloc(64));
}

static void crime_heap_free_of_object(void) {
    heap_free(POOL_NEW(&g_animals, struct animal));
}

static void crime_write_behind(void) {
    struct animal *volatile a = POOL_NEW(&g_animals, struct animal);

    ((char *)a)[sizeof(struct animal)] = 0;
    pool_free(&g_animals, a);
}

static void misuse_is_named(void **state) {
    assert_dies_of("double free", crime_double_free);
    assert_dies_of("bad free", crime_wrong_pool);
    assert_dies_of("bad free", crime_heap_block);
    assert_dies_of("bad free", crime_heap_free_of_object);
    assert_dies_of("write behind block", crime_write_behind);
}

static int init(void **state) {
    test_heap_init();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_come_zeroed_and_counted),
        cmocka_unit_test(large_objects_fit),
        cmocka_unit_test(memory_of_a_type_stays_of_that_type),
        cmocka_unit_test(allocation_fails_where_told),
        cmocka_unit_test(misuse_is_named),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
