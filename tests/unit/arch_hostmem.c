/* SPDX-License-Identifier: BSD-3-Clause
 * Bytes cross to host memory and back in whole words: the last one is filled up with zeroes, what
 * lies behind is neither written nor handed on.
 */
#include "tests/lib/unit.h"

#include "arch/x86_64/hostmem.h"

#define ROOM  64u
#define STALE 0xa5

static uint8_t g_host[ROOM] ALIGNED(8);

static haddr at(size_t off) {
    return HADDR((uint64_t)(uintptr_t)g_host + off);
}

static void what_goes_out_ends_with_zeroes_up_to_the_word(void **state) {
    uint8_t secret[ROOM];

    memset(secret, 0x5e, sizeof(secret));
    for (size_t n = 0; n <= 40; n++) {
        memset(g_host, STALE, ROOM);
        hostmem_put(at(8), cspan_of(secret, n));
        for (size_t i = 0; i < ROOM; i++) {
            size_t word_end = 8 + (n + 7) / 8 * 8;
            uint8_t want = i < 8 || i >= word_end ? STALE : i < 8 + n ? 0x5e : 0;
            assert_int_equal(g_host[i], want);
        }
    }
}

static void what_comes_in_is_exactly_what_was_asked_for(void **state) {
    for (size_t i = 0; i < ROOM; i++)
        g_host[i] = (uint8_t)(i + 1);
    for (size_t n = 0; n <= 40; n++) {
        uint8_t got[ROOM];

        memset(got, 0xee, sizeof(got));
        hostmem_get(span_of(got + 3, n), at(16));
        for (size_t i = 0; i < ROOM; i++)
            assert_int_equal(got[i], i < 3 || i >= 3 + n ? 0xee : 16 + i - 3 + 1);
    }
}

static void a_number_is_one_word(void **state) {
    memset(g_host, STALE, ROOM);
    hostmem_put_u64(at(8), 0x1122334455667788u);
    assert_int_equal(hostmem_get_u64(at(8)), 0x1122334455667788u);
    assert_int_equal(g_host[7], STALE);
    assert_int_equal(g_host[16], STALE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_out_ends_with_zeroes_up_to_the_word),
        cmocka_unit_test(what_comes_in_is_exactly_what_was_asked_for),
        cmocka_unit_test(a_number_is_one_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
