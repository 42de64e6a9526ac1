/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Sizes and hexadecimal numbers of Occlum.json: what the original read, and nothing else.
 */
#include "tests/lib/unit.h"

#include "cli/config/size.h"

struct size_case {
    const char *text;
    int no;
    uint64_t bytes;
};

static void sizes_are_an_integer_and_a_unit(void **state) {
    static const struct size_case cases[] = {
        {"0B", 0, 0},
        {"1B", 0, 1},
        {"300MB", 0, 300ull << 20},
        {" 300 MB ", 0, 300ull << 20},
        {"16KB", 0, 16384},
        {"2GB", 0, 2ull << 30},
        {"3TB", 0, 3ull << 40},
        {"007KB", 0, 7168},
        {"18446744073709551615B", 0, UINT64_MAX},
        {"18446744073709551616B", ERANGE, 0},
        {"18014398509481984KB", ERANGE, 0},
        {"16777216TB", ERANGE, 0},
        {"99999999999999999999999TB", ERANGE, 0},
        {"99999999999999999999999", EINVAL, 0},
        {"", EINVAL, 0},
        {"MB", EINVAL, 0},
        {"300", EINVAL, 0},
        {"300M", EINVAL, 0},
        {"300mb", EINVAL, 0},
        {"300MiB", EINVAL, 0},
        {"-1MB", EINVAL, 0},
        {"+1MB", EINVAL, 0},
        {"1.5GB", EINVAL, 0},
        {"0x10MB", EINVAL, 0},
        {"1 2MB", EINVAL, 0},
        {"1MB MB", EINVAL, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t bytes = 0;
        err e = size_parse(&bytes, cases[i].text);

        if (e.no != cases[i].no || bytes != cases[i].bytes)
            fail_msg("\"%s\": err %d, %llu", cases[i].text, e.no, (unsigned long long)bytes);
    }
}

static void hex_numbers_have_a_prefix_and_fit_64_bits(void **state) {
    static const struct size_case cases[] = {
        {"0x0", 0, 0},
        {"0xff", 0, 255},
        {"0XfF", 0, 255},
        {"0xffffffffffffffff", 0, UINT64_MAX},
        {"0x10000000000000000", ERANGE, 0},
        {"", EINVAL, 0},
        {"0", EINVAL, 0},
        {"0x", EINVAL, 0},
        {"ff", EINVAL, 0},
        {"0xfg", EINVAL, 0},
        {"0x 1", EINVAL, 0},
        {"-0x1", EINVAL, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t value = 0;
        err e = hex_parse(&value, cases[i].text);

        if (e.no != cases[i].no || value != cases[i].bytes)
            fail_msg("\"%s\": err %d, %llx", cases[i].text, e.no, (unsigned long long)value);
    }
}

static void a_printed_size_reads_back(void **state) {
    static const uint64_t sizes[] = {0,         1, 4095, 4096, 300ull << 20, (5ull << 30) + 4096,
                                     UINT64_MAX};

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        char text[SIZE_TEXT];
        uint64_t bytes = 1;

        size_print(text, sizes[i]);
        assert_int_equal(size_parse(&bytes, text).no, 0);
        assert_true(bytes == sizes[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_an_integer_and_a_unit),
        cmocka_unit_test(hex_numbers_have_a_prefix_and_fit_64_bits),
        cmocka_unit_test(a_printed_size_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
