/* SPDX-License-Identifier: BSD-3-Clause
 * Spans refuse every access outside their bytes, also where offset + size wraps. */
#include "tests/lib/unit.h"

#include "base/span.h"

static void reads_inside_and_refuses_outside(void **state) {
    const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8};
    cspan s = CSPAN_OF(bytes);
    uint32_t v = 99;

    assert_true(cspan_le32(&v, s, 4));
    assert_int_equal(v, 0x08070605);
    v = 99;
    assert_false(cspan_le32(&v, s, 5));
    assert_false(cspan_le32(&v, s, UINT64_MAX));
    assert_int_equal(v, 99);
}

static void sub_of_wrapping_range_is_refused(void **state) {
    const uint8_t bytes[4] = {0};
    cspan out;

    assert_false(cspan_sub(&out, CSPAN_OF(bytes), UINT64_MAX - 1, 4));
    assert_false(cspan_sub(&out, CSPAN_OF(bytes), 1, UINT64_MAX));
    assert_true(cspan_sub(&out, CSPAN_OF(bytes), 4, 0));
}

static void prefix_sorts_before_longer(void **state) {
    assert_int_equal(cspan_compare(CSPAN_LIT("ab"), CSPAN_LIT("abc")), -1);
    assert_int_equal(cspan_compare(CSPAN_LIT("b"), CSPAN_LIT("abc")), 1);
    assert_int_equal(cspan_compare(CSPAN_LIT("abc"), CSPAN_LIT("abc")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_inside_and_refuses_outside),
        cmocka_unit_test(sub_of_wrapping_range_is_refused),
        cmocka_unit_test(prefix_sorts_before_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
