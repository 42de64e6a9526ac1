/* SPDX-License-Identifier: BSD-3-Clause
 * Lists keep order, know who is in, and trap when links don't point back.
 */
#include "tests/lib/unit.h"

#include "base/list.h"
#include "tests/lib/dies.h"

struct item {
    int id;
    struct list_node link;
};

static struct item g_item[4];
static struct list g_list = LIST_INIT(g_list);
static struct list g_other;

static int fresh(void **state) {
    memset(g_item, 0, sizeof(g_item));
    for (int i = 0; i < 4; i++)
        g_item[i].id = i;
    list_init(&g_list);
    list_init(&g_other);
    return 0;
}

static void assert_ids(const struct list *l, const char *want) {
    char got[8] = {0};
    size_t n = 0;

    LIST_FOREACH(it, l, struct item, link)
    got[n++] = (char)('0' + it->id);
    assert_string_equal(got, want);
}

static void order_is_kept(void **state) {
    assert_true(list_empty(&g_list));
    assert_null(list_first(&g_list));
    assert_null(list_last(&g_list));
    list_push_back(&g_list, &g_item[1].link);
    list_push_back(&g_list, &g_item[2].link);
    list_push_front(&g_list, &g_item[0].link);
    list_insert_before(&g_item[2].link, &g_item[3].link);
    assert_ids(&g_list, "0132");
    assert_ptr_equal(list_last(&g_list), &g_item[2].link);
    list_remove(&g_item[1].link);
    assert_false(list_is_linked(&g_item[1].link));
    assert_ids(&g_list, "032");
    assert_ptr_equal(list_pop_front(&g_list), &g_item[0].link);
    assert_ids(&g_list, "32");
}

static void whole_lists_move(void **state) {
    list_push_back(&g_list, &g_item[0].link);
    list_push_back(&g_other, &g_item[1].link);
    list_push_back(&g_other, &g_item[2].link);
    list_append_all(&g_list, &g_other);
    assert_ids(&g_list, "012");
    assert_true(list_empty(&g_other));
}

static void all_may_leave_during_a_safe_walk(void **state) {
    for (int i = 0; i < 4; i++)
        list_push_back(&g_list, &g_item[i].link);
    LIST_FOREACH_SAFE(it, &g_list, struct item, link)
    list_remove(&it->link);
    assert_true(list_empty(&g_list));
}

static void crime_insert_twice(void) {
    list_push_back(&g_list, &g_item[0].link);
    list_push_back(&g_other, &g_item[0].link);
}

static void crime_remove_twice(void) {
    list_push_back(&g_list, &g_item[0].link);
    list_remove(&g_item[0].link);
    list_remove(&g_item[0].link);
}

static void crime_overwritten_neighbour(void) {
    list_push_back(&g_list, &g_item[0].link);
    list_push_back(&g_list, &g_item[1].link);
    memset(&g_item[1].link, 0x41, sizeof(g_item[1].link));
    g_item[1].link.prev = &g_item[2].link;
    g_item[1].link.next = &g_item[2].link;
    list_remove(&g_item[0].link);
}

static void crime_walk_over_freed(void) {
    list_push_back(&g_list, &g_item[0].link);
    list_push_back(&g_list, &g_item[1].link);
    memset(&g_item[1], 0, sizeof(g_item[1]));
    assert_ids(&g_list, "01");
}

static void broken_links_trap(void **state) {
    assert_dies_of("list links", crime_insert_twice);
    assert_dies_of("list links", crime_remove_twice);
    assert_dies_of("list links", crime_overwritten_neighbour);
    assert_dies_of("list links", crime_walk_over_freed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(order_is_kept, fresh),
        cmocka_unit_test_setup(whole_lists_move, fresh),
        cmocka_unit_test_setup(all_may_leave_during_a_safe_walk, fresh),
        cmocka_unit_test_setup(broken_links_trap, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
