/* SPDX-License-Identifier: BSD-3-Clause
 *
 * "Did you mean" offers a word that is close and no other.
 */
#include "tests/lib/unit.h"

#include "base/compiler.h"
#include "cli/nearest.h"

static const char *search(const char *word) {
    static const char *const known[] = {"build", "init", "new", "run", "status", "print"};
    struct nearest n = {.word = word};

    for (size_t i = 0; i < COUNT_OF(known); i++)
        nearest_offer(&n, known[i]);
    return n.best;
}

static void slips_of_the_keyboard_are_mended(void **state) {
    assert_string_equal(search("biuld"), "build");
    assert_string_equal(search("buid"), "build");
    assert_string_equal(search("statuss"), "status");
    assert_string_equal(search("rnu"), "run");
    assert_string_equal(search("pritn"), "print");
}

static void a_word_that_is_far_from_all_gets_no_offer(void **state) {
    char huge[300];

    memset(huge, 'a', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    assert_null(search("frobnicate"));
    assert_null(search(""));
    assert_null(search(huge));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_of_the_keyboard_are_mended),
        cmocka_unit_test(a_word_that_is_far_from_all_gets_no_offer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
