/* SPDX-License-Identifier: BSD-3-Clause
 * Futex waiters are woken by address and bit, in the order they came, at most as many as asked for;
 * nobody sleeps when the word has another value, and nobody sleeps past a deadline.
 */
#include "tests/lib/unit.h"

#include "enclave/sched/futex.h"
#include "tests/lib/baton.h"
#include "tests/lib/fakehost.h"
#include "tests/lib/fakeuser.h"
#include "tests/lib/pages.h"

#define SEEDS   30u
#define WAITERS 5u

static struct {
    uaddr word, other;
    uint32_t asleep, woken;
    uint32_t order[WAITERS];
    int errors[WAITERS];
} g;

static void reset(void) {
    const uint32_t zero = 0;

    fakehost_reset();
    fakeuser_reset();
    memset(&g, 0, sizeof(g));
    g.word = fakeuser_put(&zero, sizeof(zero));
    g.other = fakeuser_put(&zero, sizeof(zero));
}

static void sleeper(void *arg) {
    uint32_t bit = 1u << (uint32_t)(uintptr_t)arg;

    g.asleep++;
    err e = futex_wait(g.word, 0, bit, NO_DEADLINE);
    g.errors[g.woken] = e.no;
    g.order[g.woken++] = bit;
}

static void await_sleepers(uint32_t n) {
    while (g.asleep < n)
        baton_pass();
}

static void run_with(void (*waker)(void *), uint64_t seed) {
    struct baton_task tasks[WAITERS + 1] = {{.run = waker}};

    reset();
    for (uintptr_t i = 0; i < WAITERS; i++)
        tasks[i + 1] = (struct baton_task){.run = sleeper, .arg = (void *)i};
    baton_run(tasks, WAITERS + 1, seed);
    assert_int_equal(g.woken, WAITERS);
    for (size_t i = 0; i < WAITERS; i++)
        assert_int_equal(g.errors[i], 0);
}

static void wake_two_then_all(void *arg) {
    await_sleepers(WAITERS);
    if (futex_wake(g.word, 2, FUTEX_ANY_BIT) != 2)
        abort();
    if (futex_wake(g.word, UINT32_MAX, FUTEX_ANY_BIT) != WAITERS - 2)
        abort();
    if (futex_wake(g.word, 1, FUTEX_ANY_BIT) != 0)
        abort();
}

static void every_waiter_is_woken_once(void **state) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run_with(wake_two_then_all, seed);
}

static void wake_by_bit(void *arg) {
    await_sleepers(WAITERS);
    if (futex_wake(g.word, UINT32_MAX, 1u << 3) != 1)
        abort();
    while (g.woken == 0)
        baton_pass();
    if (futex_wake(g.word, UINT32_MAX, FUTEX_ANY_BIT) != WAITERS - 1)
        abort();
}

static void only_a_waiter_with_the_bit_is_woken(void **state) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        run_with(wake_by_bit, seed);
        assert_int_equal(g.order[0], 1u << 3);
    }
}

static void move_to_the_other_word(void *arg) {
    await_sleepers(WAITERS);
    if (futex_requeue(g.word, g.other, 1, 2) != 3)
        abort();
    if (futex_wake(g.other, UINT32_MAX, FUTEX_ANY_BIT) != 2)
        abort();
    if (futex_wake(g.word, UINT32_MAX, FUTEX_ANY_BIT) != WAITERS - 3)
        abort();
}

static void requeued_waiters_wait_for_the_other_word(void **state) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run_with(move_to_the_other_word, seed);
}

static void another_value_is_eagain_and_a_bad_word_an_error(void **state) {
    reset();
    assert_int_equal(futex_wait(g.word, 1, FUTEX_ANY_BIT, NO_DEADLINE).no, EAGAIN);
    assert_int_equal(futex_wait(UADDR(g.word.va + 1), 0, FUTEX_ANY_BIT, NO_DEADLINE).no, EINVAL);
    assert_int_equal(futex_wait(g.word, 0, 0, NO_DEADLINE).no, EINVAL);
    assert_int_equal(futex_wait(UADDR(0), 0, FUTEX_ANY_BIT, NO_DEADLINE).no, EFAULT);
}

static void a_wait_ends_at_its_deadline_and_leaves_no_trace(void **state) {
    reset();
    uint64_t deadline = fakehost.now + 5000;
    assert_int_equal(futex_wait(g.word, 0, FUTEX_ANY_BIT, deadline).no, ETIMEDOUT);
    assert_true(fakehost.now >= deadline);
    assert_int_equal(futex_wake(g.word, UINT32_MAX, FUTEX_ANY_BIT), 0);
}

static void sleep_for_a_while(void *arg) {
    g.asleep++;
    g.errors[0] = futex_wait(g.word, 0, FUTEX_ANY_BIT, fakehost.now + 5000).no;
    g.woken++;
}

/* The sleeper is woken, and its time is up before it runs again. */
static void wake_and_let_time_pass(void *arg) {
    await_sleepers(1);
    if (futex_wake(g.word, 1, FUTEX_ANY_BIT) != 1)
        abort();
    fakehost.now += 10000;
}

static void a_wake_that_was_counted_is_never_a_timeout(void **state) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        const struct baton_task tasks[] = {{.run = sleep_for_a_while},
                                           {.run = wake_and_let_time_pass}};
        reset();
        baton_run(tasks, 2, seed);
        assert_int_equal(g.woken, 1);
        assert_int_equal(g.errors[0], 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_waiter_is_woken_once),
        cmocka_unit_test(only_a_waiter_with_the_bit_is_woken),
        cmocka_unit_test(requeued_waiters_wait_for_the_other_word),
        cmocka_unit_test(another_value_is_eagain_and_a_bad_word_an_error),
        cmocka_unit_test(a_wake_that_was_counted_is_never_a_timeout),
        cmocka_unit_test(a_wait_ends_at_its_deadline_and_leaves_no_trace),
    };
    test_heap_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
