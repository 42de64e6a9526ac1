/* SPDX-License-Identifier: BSD-3-Clause
 * Bitmap searches agree with a loop over an array of booleans at every size and place.
 */
#include "tests/lib/unit.h"

#include "base/bits.h"
#include "base/num.h"
#include "tests/lib/dies.h"

#define N_MAX 200

static size_t model_find(const bool *m, size_t n, size_t from, bool what, size_t run) {
    for (size_t i = from; i + run <= n; i++) {
        size_t k = 0;
        while (k < run && m[i + k] == what)
            k++;
        if (k == run)
            return i;
    }
    return n;
}

static void check_all(struct bits b, const bool *m) {
    size_t count = 0;

    for (size_t i = 0; i < b.n; i++) {
        assert_int_equal(bits_test(b, i), m[i]);
        count += m[i] ? 1 : 0;
    }
    assert_int_equal(bits_count(b), count);
    for (size_t from = 0; from <= b.n + 1; from++) {
        assert_int_equal(bits_find_set(b, from), model_find(m, b.n, from, true, 1));
        assert_int_equal(bits_find_clear(b, from), model_find(m, b.n, from, false, 1));
        assert_int_equal(bits_find_clear_run(b, from, 3), model_find(m, b.n, from, false, 3));
    }
}

static void random_bitmaps_match_the_model(void **state) {
    uint64_t seed = 99;

    for (size_t n = 0; n <= N_MAX; n++) {
        uint64_t words[BITS_WORDS(N_MAX)];
        bool m[N_MAX] = {0};
        memset(words, 0, sizeof(words));
        struct bits b = bits_of(words, n);
        for (size_t k = 0; n > 0 && k < n * 2; k++) {
            seed = wrap_add(wrap_mul(seed, 6364136223846793005u), 1442695040888963407u);
            size_t i = (seed >> 33) % n;
            m[i] = (seed >> 20 & 3) != 0;
            if (m[i])
                bits_set(b, i);
            else
                bits_clear(b, i);
        }
        check_all(b, m);
    }
}

static void crime_set_outside(void) {
    uint64_t words[1] = {0};

    bits_set(bits_of(words, 10), 10);
}

static void crime_test_outside(void) {
    uint64_t words[1] = {0};

    if (bits_test(bits_of(words, 10), 64))
        abort();
}

static void numbers_outside_trap(void **state) {
    assert_dies_of("check", crime_set_outside);
    assert_dies_of("check", crime_test_outside);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bitmaps_match_the_model),
        cmocka_unit_test(numbers_outside_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
