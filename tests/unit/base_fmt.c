/* SPDX-License-Identifier: BSD-3-Clause
 * The formatter prints what libc's snprintf prints, never writes outside its span, and stops at
 * conversions it does not know.
 */
#include "tests/lib/unit.h"

#include <limits.h>

#include "base/fmt.h"

#define SAME(...)                                                                                  \
    do {                                                                                           \
        char want_[400];                                                                           \
        char got_[400] = {0};                                                                      \
        snprintf(want_, sizeof(want_), __VA_ARGS__);                                               \
        size_t n_ = fmt_to(SPAN_OF(got_), __VA_ARGS__);                                            \
        assert_string_equal(got_, want_);                                                          \
        assert_int_equal(n_, strlen(want_));                                                       \
    } while (0)

static void numbers_print_as_in_libc(void **state) {
    SAME("%d %i %u %x %o", -17, 0, 17u, 0xbeefu, 0755u);
    SAME("%d %d %u", INT_MIN, INT_MAX, UINT_MAX);
    SAME("%ld %ld %lu %lx", LONG_MIN, LONG_MAX, ULONG_MAX, ULONG_MAX);
    SAME("%lld %llu %llx %llo", LLONG_MIN, ULLONG_MAX, ULLONG_MAX, ULLONG_MAX);
    SAME("%hhd %hhu %hd %hu", (signed char)-1, (unsigned char)255, (short)-2,
         (unsigned short)65535);
    SAME("%zu %zd", SIZE_MAX, (ssize_t)-5);
}

static void widths_and_flags_print_as_in_libc(void **state) {
    SAME("[%5d] [%-5d] [%05d] [%5d] [%-5d|", 42, 42, 42, -42, -42);
    SAME("[%08x] [%-8x] [%016lx]", 0xabcu, 0xabcu, 0xdeadbeefUL);
    SAME("[%05d] [%1d] [%0d]", -42, 12345, 7);
    SAME("[%*d] [%-*d] [%0*d]", 6, 1, 6, 2, 6, 3);
    SAME("[%3c] [%-3c] [%c]", 'a', 'b', 'c');
    SAME("[%10p]", (void *)0x1234);
}

static void strings_are_padded_and_cut(void **state) {
    const char unterminated[4] = {'a', 'b', 'c', 'd'};

    SAME("%s|%10s|%-10s|%.2s|%5.1s|%%", "text", "text", "text", "text", "text");
    SAME("%.*s|%.0s|", 4, unterminated, "unseen");
}

static void null_string_is_named(void **state) {
    char got[16] = {0};
    const char *volatile nothing = NULL;

    fmt_to(SPAN_OF(got), "%s", nothing);
    assert_string_equal(got, "(null)");
}

static void text_is_cut_at_the_end_of_the_span(void **state) {
    char got[8];

    for (size_t size = 0; size <= sizeof(got); size++) {
        memset(got, '#', sizeof(got));
        assert_int_equal(fmt_to(span_of(got, size), "%d%s%08x", 12, "abc", 7u), size);
        assert_memory_equal(got, "12abc000", size);
        for (size_t i = size; i < sizeof(got); i++)
            assert_int_equal(got[i], '#');
    }
}

static void unknown_conversion_ends_the_interpretation(void **state) {
    static const char *const formats[] = {"%q %s", "%f %s", "%n%d", "%5", "%", "%lk %s", "%.3"};

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        char got[64] = {0};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
        fmt_to(SPAN_OF(got), formats[i]);
#pragma GCC diagnostic pop
        assert_string_equal(got, formats[i]);
    }
}

static void huge_width_is_limited(void **state) {
    static char got[1000];

    assert_int_equal(fmt_to(SPAN_OF(got), "%*d", INT_MAX, 1), 256);
    assert_int_equal(fmt_to(SPAN_OF(got), "%*d", -5, 1), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_print_as_in_libc),
        cmocka_unit_test(widths_and_flags_print_as_in_libc),
        cmocka_unit_test(strings_are_padded_and_cut),
        cmocka_unit_test(null_string_is_named),
        cmocka_unit_test(text_is_cut_at_the_end_of_the_span),
        cmocka_unit_test(unknown_conversion_ends_the_interpretation),
        cmocka_unit_test(huge_width_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
