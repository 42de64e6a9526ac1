/* SPDX-License-Identifier: BSD-3-Clause
 * A handle finds its object while that is in the table, and nothing ever after.
 */
#include "tests/lib/unit.h"

#include "base/handle.h"
#include "base/heap.h"
#include "tests/lib/dies.h"
#include "tests/lib/pages.h"

#define N 100

static struct handle_table g_table;
static struct handled g_object[N];

static int fresh(void **state) {
    test_heap_init();
    memset(g_object, 0, sizeof(g_object));
    g_table = (struct handle_table){0};
    return 0;
}

static int no_leak(void **state) {
    for (int i = 0; i < N; i++) {
        if (g_object[i].self.gen != 0)
            handle_remove(&g_table, &g_object[i]);
    }
    handle_table_fini(&g_table);
    return heap_count().blocks == 0 ? 0 : -1;
}

static struct handled *find(href h) {
    struct handled *out = NULL;

    return failed(handle_find(&g_table, h, &out)) ? NULL : out;
}

static void objects_are_found_while_they_live(void **state) {
    for (int i = 0; i < N; i++)
        assert_false(failed(handle_add(&g_table, &g_object[i])));
    for (int i = 0; i < N; i++)
        assert_ptr_equal(find(g_object[i].self), &g_object[i]);
    assert_int_equal(g_table.live, N);
}

static void handles_turn_stale_for_ever(void **state) {
    href old[N];

    for (int i = 0; i < N; i++) {
        assert_false(failed(handle_add(&g_table, &g_object[0])));
        old[i] = g_object[0].self;
        handle_remove(&g_table, &g_object[0]);
    }
    assert_false(failed(handle_add(&g_table, &g_object[1])));
    for (int i = 0; i < N; i++)
        assert_null(find(old[i]));
}

static void forged_handles_find_nothing(void **state) {
    struct handled *out = NULL;

    assert_int_equal(handle_find(&g_table, (href){0, 0}, &out).no, ESTALE);
    assert_false(failed(handle_add(&g_table, &g_object[0])));
    assert_int_equal(handle_find(&g_table, (href){0, 0}, &out).no, ESTALE);
    assert_int_equal(handle_find(&g_table, (href){UINT32_MAX, 1}, &out).no, ESTALE);
    /* The free places behind it have generations too, but no object. */
    assert_int_equal(handle_find(&g_table, (href){1, 1}, &out).no, ESTALE);
    assert_null(out);
}

static void missing_memory_is_an_error(void **state) {
    heap_fail_at(1);
    assert_int_equal(handle_add(&g_table, &g_object[0]).no, ENOMEM);
    assert_int_equal(g_object[0].self.gen, 0);
}

static void crime_must_of_stale(void) {
    href h;

    if (failed(handle_add(&g_table, &g_object[0])))
        return;
    h = g_object[0].self;
    handle_remove(&g_table, &g_object[0]);
    handle_must(&g_table, h);
}

static void crime_remove_twice(void) {
    if (failed(handle_add(&g_table, &g_object[0])))
        return;
    handle_remove(&g_table, &g_object[0]);
    handle_remove(&g_table, &g_object[0]);
}

static void stale_use_traps_where_it_must_not_be(void **state) {
    assert_dies_of("stale handle", crime_must_of_stale);
    assert_dies_of("stale handle", crime_remove_twice);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(objects_are_found_while_they_live, fresh, no_leak),
        cmocka_unit_test_setup_teardown(handles_turn_stale_for_ever, fresh, no_leak),
        cmocka_unit_test_setup_teardown(forged_handles_find_nothing, fresh, no_leak),
        cmocka_unit_test_setup_teardown(missing_memory_is_an_error, fresh, no_leak),
        cmocka_unit_test_setup_teardown(stale_use_traps_where_it_must_not_be, fresh, no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
