/* SPDX-License-Identifier: BSD-3-Clause
 * Our memory functions agree with libc's at every small size and alignment.
 */
#include "tests/lib/unit.h"

#include "base/mem.h"

#define N 100

static void fill_with_numbers(uint8_t *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(i * 7 + 1);
}

static void moves_agree_also_where_they_overlap(void **state) {
    for (size_t from = 0; from < 40; from++) {
        for (size_t to = 0; to < 40; to++) {
            uint8_t got[N];
            uint8_t want[N];
            fill_with_numbers(got, N);
            fill_with_numbers(want, N);
            mem_move(got + to, got + from, 50);
            memmove(want + to, want + from, 50);
            assert_memory_equal(got, want, N);
        }
    }
}

static void one_other_byte_is_seen_anywhere(void **state) {
    for (size_t start = 0; start < 9; start++) {
        for (size_t n = 0; n < N - 9; n++) {
            uint8_t p[N];
            memset(p, 0x11, sizeof(p));
            mem_fill(p + start, 0xcb, n);
            assert_true(mem_is(p + start, 0xcb, n));
            assert_int_equal(mem_is_zero(p + start, n), n == 0);
            for (size_t i = 0; i < n; i++) {
                p[start + i] ^= 0x80;
                assert_false(mem_is(p + start, 0xcb, n));
                p[start + i] ^= 0x80;
            }
            if (n > 0)
                assert_int_equal(p[start + n - 1], 0xcb);
            assert_int_equal(p[start + n], 0x11);
        }
    }
}

static void equal_sees_every_difference(void **state) {
    uint8_t a[40];
    uint8_t b[40];

    fill_with_numbers(a, sizeof(a));
    mem_copy(b, a, sizeof(a));
    assert_true(mem_equal(a, b, sizeof(a)));
    for (size_t i = 0; i < sizeof(a); i++) {
        b[i] ^= 1;
        assert_false(mem_equal(a, b, sizeof(a)));
        assert_true(mem_equal(a, b, i));
        b[i] ^= 1;
    }
    mem_wipe(b, sizeof(b));
    assert_true(mem_is_zero(b, sizeof(b)));
}

static void strings_end_at_nul_or_limit(void **state) {
    assert_int_equal(str_len("", 5), 0);
    assert_int_equal(str_len("abc", 5), 3);
    assert_int_equal(str_len("abcdef", 5), 5);
    assert_true(str_equal("", ""));
    assert_true(str_equal("abc", "abc"));
    assert_false(str_equal("abc", "ab"));
    assert_false(str_equal("ab", "abc"));
    assert_false(str_equal("abd", "abc"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_agree_also_where_they_overlap),
        cmocka_unit_test(one_other_byte_is_seen_anywhere),
        cmocka_unit_test(equal_sees_every_difference),
        cmocka_unit_test(strings_end_at_nul_or_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
