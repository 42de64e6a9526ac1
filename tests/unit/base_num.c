/* SPDX-License-Identifier: BSD-3-Clause
 * Checked numbers are exact or refused, at the edges of 64 bits too.
 */
#include "tests/lib/unit.h"

#include "base/le.h"
#include "base/num.h"

static void ranges_are_judged_without_wrapping(void **state) {
    assert_true(range_ok(0, 0, 0));
    assert_true(range_ok(10, 0, 10));
    assert_true(range_ok(0, 10, 10));
    assert_false(range_ok(1, 10, 10));
    assert_false(range_ok(11, 0, 10));
    assert_false(range_ok(UINT64_MAX, 2, 10));
    assert_false(range_ok(2, UINT64_MAX, UINT64_MAX));
    assert_true(range_ok(1, UINT64_MAX - 1, UINT64_MAX));
}

static void sums_and_products_are_exact_or_refused(void **state) {
    uint64_t big = 7;
    uint16_t small = 7;
    int i = 7;

    assert_true(add_ok(&small, 65000, 535));
    assert_int_equal(small, 65535);
    assert_false(add_ok(&small, 65000, 536));
    assert_false(sub_ok(&big, 3u, 4u));
    assert_true(sub_ok(&i, 3u, 4u));
    assert_int_equal(i, -1);
    assert_false(mul_ok(&big, UINT64_MAX, 2));
    assert_true(mul_ok(&big, UINT64_MAX, 1));
}

static void alignment_up_does_not_wrap(void **state) {
    uint64_t v = 7;

    assert_true(align_up_ok(&v, 4097, 4096));
    assert_int_equal(v, 8192);
    assert_true(align_up_ok(&v, 0, 4096));
    assert_int_equal(v, 0);
    assert_false(align_up_ok(&v, UINT64_MAX - 100, 4096));
    assert_int_equal(align_down(4097, 4096), 4096);
    assert_true(is_aligned(8192, 4096) && !is_aligned(8193, 4096));
    assert_true(is_pow2(1) && is_pow2(UINT64_C(1) << 63) && !is_pow2(0) && !is_pow2(6));
}

static void little_endian_numbers_round_trip(void **state) {
    static const uint8_t bytes[8] = {0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0xf1};
    le64 v;

    memcpy(&v, bytes, sizeof(v));
    assert_true(le64_get(v) == 0xf122334455667788);
    assert_memory_equal(le64_of(0xf122334455667788).b, bytes, 8);
    assert_true(le32_get(le32_of(0xf1223344)) == 0xf1223344);
    assert_true(le16_get(le16_of(0xf122)) == 0xf122);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_judged_without_wrapping),
        cmocka_unit_test(sums_and_products_are_exact_or_refused),
        cmocka_unit_test(alignment_up_does_not_wrap),
        cmocka_unit_test(little_endian_numbers_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
