/* SPDX-License-Identifier: BSD-3-Clause
 * Reference counts end exactly once, also with several threads, and trap outside their life.
 */
#include "tests/lib/unit.h"

#include <pthread.h>

#include "base/lock.h"
#include "base/ref.h"
#include "tests/lib/dies.h"

static void last_put_says_so(void **state) {
    struct ref r;

    ref_init(&r);
    ref_get(&r);
    assert_int_equal(ref_count(&r), 2);
    assert_false(ref_put(&r));
    assert_true(ref_put(&r));
    assert_false(ref_get_unless_dead(&r));
}

static void crime_get_dead(void) {
    struct ref r = {0};

    ref_get(&r);
}

static void crime_put_dead(void) {
    struct ref r = {0};

    (void)!ref_put(&r);
}

static void crime_overflow(void) {
    struct ref r = {REF_MAX};

    ref_get(&r);
}

static void crime_overflow_by_lookup(void) {
    struct ref r = {REF_MAX};

    (void)!ref_get_unless_dead(&r);
}

static void life_outside_the_bounds_traps(void **state) {
    assert_dies_of("reference count", crime_get_dead);
    assert_dies_of("reference count", crime_put_dead);
    assert_dies_of("reference count", crime_overflow);
    assert_dies_of("reference count", crime_overflow_by_lookup);
}

static struct ref g_shared;
static struct spinlock g_lock;
static unsigned g_ends, g_locked_sum; /* g_ends: atomic; g_locked_sum: under g_lock */

static void *get_and_put(void *arg) {
    for (int i = 0; i < 20000; i++) {
        ref_get(&g_shared);
        spin_lock(&g_lock);
        g_locked_sum++;
        spin_unlock(&g_lock);
        if (ref_put(&g_shared))
            __atomic_add_fetch(&g_ends, 1, __ATOMIC_RELAXED);
    }
    if (ref_put(&g_shared))
        __atomic_add_fetch(&g_ends, 1, __ATOMIC_RELAXED);
    return arg;
}

static void threads_end_an_object_once(void **state) {
    pthread_t t[4];

    ref_init(&g_shared);
    for (int i = 1; i < 4; i++)
        ref_get(&g_shared);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, get_and_put, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(g_ends, 1);
    assert_int_equal(g_locked_sum, 80000);
    assert_false(spin_is_locked(&g_lock));
}

static void taken_lock_is_not_taken_again(void **state) {
    struct spinlock l = SPINLOCK_INIT;

    assert_true(spin_trylock(&l));
    assert_false(spin_trylock(&l));
    spin_unlock(&l);
    assert_true(spin_trylock(&l));
    spin_unlock(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_put_says_so),
        cmocka_unit_test(life_outside_the_bounds_traps),
        cmocka_unit_test(threads_end_an_object_once),
        cmocka_unit_test(taken_lock_is_not_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
