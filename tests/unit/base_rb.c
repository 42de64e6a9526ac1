/* SPDX-License-Identifier: BSD-3-Clause
 * The tree answers like a sorted array, stays balanced and valid, and traps on wrong use.
 */
#include "tests/lib/unit.h"

#include "base/rb.h"
#include "tests/lib/dies.h"

#define N 300

struct item {
    int id;
    struct rb_node node;
};

static struct item g_items[N];
static struct rb_tree g_tree;

static uint64_t next_random(uint64_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static int fresh(void **state) {
    memset(g_items, 0, sizeof(g_items));
    g_tree = (struct rb_tree){0};
    for (int i = 0; i < N; i++)
        g_items[i].id = i;
    return 0;
}

static void empty_tree_has_nothing(void **state) {
    assert_true(rb_empty(&g_tree));
    assert_null(rb_first(&g_tree));
    assert_null(rb_last(&g_tree));
    assert_null(rb_find(&g_tree, 0));
    assert_null(rb_floor(&g_tree, UINT64_MAX));
    assert_true(rb_is_valid(&g_tree));
}

/* What the tree should hold: keys of the items that are in, by brute force. */
static const struct item *model_bound(uint64_t key, bool floor) {
    const struct item *best = NULL;

    for (int i = 0; i < N; i++) {
        const struct item *it = &g_items[i];
        if (!rb_is_linked(&it->node) || (floor ? it->node.key > key : it->node.key < key))
            continue;
        if (best == NULL || (floor ? it->node.key > best->node.key : it->node.key < best->node.key))
            best = it;
    }
    return best;
}

static uint64_t key_of(const struct rb_node *n) {
    return n == NULL ? UINT64_MAX - 1 : n->key;
}

static void compare_with_model(uint64_t key) {
    const struct item *low = model_bound(key, false);
    const struct item *floor = model_bound(key, true);

    assert_int_equal(key_of(rb_lower_bound(&g_tree, key)), key_of(low ? &low->node : NULL));
    assert_int_equal(key_of(rb_floor(&g_tree, key)), key_of(floor ? &floor->node : NULL));
    assert_int_equal(rb_find(&g_tree, key) != NULL, low != NULL && low->node.key == key);
}

static void count_both_ways(size_t want) {
    size_t forth = 0;
    size_t back = 0;

    RB_FOREACH(it, &g_tree, struct item, node)
    forth++;
    for (struct rb_node *n = rb_last(&g_tree); n != NULL; n = rb_prev(n))
        back++;
    assert_int_equal(forth, want);
    assert_int_equal(back, want);
}

static void random_changes_match_the_model(void **state) {
    uint64_t seed = 4711;
    size_t in = 0;

    for (int step = 0; step < 30000; step++) {
        uint64_t r = next_random(&seed);
        struct item *it = &g_items[r % N];
        if (rb_is_linked(&it->node)) {
            rb_remove(&g_tree, &it->node);
            in--;
        } else {
            rb_insert(&g_tree, &it->node, r >> 20 & 255);
            in++;
        }
        compare_with_model(r >> 40 & 255);
        if (step % 64 == 0) {
            assert_true(rb_is_valid(&g_tree));
            count_both_ways(in);
        }
    }
}

static void depth_stays_logarithmic(void **state) {
    for (int i = 0; i < N; i++)
        rb_insert(&g_tree, &g_items[i].node, (uint64_t)i);
    for (int i = 0; i < N; i++) {
        size_t depth = 0;
        for (const struct rb_node *n = &g_items[i].node; n != NULL; n = n->parent)
            depth++;
        assert_true(depth <= 18); /* 2 log2(301) */
    }
    assert_true(rb_is_valid(&g_tree));
}

static void equal_keys_keep_their_order(void **state) {
    int want = 0;

    for (int i = 0; i < N; i++)
        rb_insert(&g_tree, &g_items[i].node, 5);
    RB_FOREACH(it, &g_tree, struct item, node)
    assert_int_equal(it->id, want++);
    assert_int_equal(want, N);
    assert_ptr_equal(rb_find(&g_tree, 5), &g_items[0].node);
    assert_ptr_equal(rb_floor(&g_tree, 5), &g_items[N - 1].node);
}

static void all_may_leave_during_a_safe_walk(void **state) {
    for (int i = 0; i < N; i++)
        rb_insert(&g_tree, &g_items[i].node, (uint64_t)(i * 7 % N));
    RB_FOREACH_SAFE(it, &g_tree, struct item, node)
    rb_remove(&g_tree, &it->node);
    assert_true(rb_empty(&g_tree));
}

static void key_changes_only_between_neighbours(void **state) {
    for (int i = 0; i < 3; i++)
        rb_insert(&g_tree, &g_items[i].node, (uint64_t)i * 10);
    rb_set_key(&g_items[1].node, 20);
    rb_set_key(&g_items[1].node, 0);
    assert_true(rb_is_valid(&g_tree));
}

static void crime_insert_twice(void) {
    rb_insert(&g_tree, &g_items[0].node, 1);
    rb_insert(&g_tree, &g_items[0].node, 2);
}

static void crime_remove_absent(void) {
    rb_insert(&g_tree, &g_items[0].node, 1);
    rb_remove(&g_tree, &g_items[1].node);
}

static void crime_key_out_of_order(void) {
    rb_insert(&g_tree, &g_items[0].node, 1);
    rb_insert(&g_tree, &g_items[1].node, 2);
    rb_set_key(&g_items[0].node, 3);
}

static void crime_remove_from_another_tree(void) {
    struct rb_tree other = {0};

    rb_insert(&g_tree, &g_items[0].node, 1);
    rb_insert(&other, &g_items[1].node, 1);
    rb_remove(&other, &g_items[0].node);
}

static void misuse_traps(void **state) {
    assert_dies_of("check", crime_insert_twice);
    assert_dies_of("check", crime_remove_absent);
    assert_dies_of("check", crime_key_out_of_order);
    assert_dies_of("list links", crime_remove_from_another_tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(empty_tree_has_nothing, fresh),
        cmocka_unit_test_setup(random_changes_match_the_model, fresh),
        cmocka_unit_test_setup(depth_stays_logarithmic, fresh),
        cmocka_unit_test_setup(equal_keys_keep_their_order, fresh),
        cmocka_unit_test_setup(all_may_leave_during_a_safe_walk, fresh),
        cmocka_unit_test_setup(key_changes_only_between_neighbours, fresh),
        cmocka_unit_test_setup(misuse_traps, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
