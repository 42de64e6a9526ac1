/* SPDX-License-Identifier: BSD-3-Clause
 * A log line is one printable line, capped by the level and by its size.
 */
#include "tests/lib/unit.h"

#include "base/log.h"

static char g_line[1024];
static enum log_level g_level;
static unsigned g_lines;

static void keep(enum log_level level, cspan line) {
    assert_true(line.n < sizeof(g_line));
    memcpy(g_line, line.p, line.n);
    g_line[line.n] = '\0';
    g_level = level;
    g_lines++;
}

static int fresh(void **state) {
    g_lines = 0;
    g_line[0] = '\0';
    log_init(LOG_OFF, NULL);
    return 0;
}

static void nothing_is_logged_before_init(void **state) {
    log_err("mm", "lost");
    assert_int_equal(g_lines, 0);
}

static void line_carries_level_subsystem_and_text(void **state) {
    log_init(LOG_TRACE, keep);
    log_warn("mm", "page %d of %s", 7, "file");
    assert_string_equal(g_line, "[warn] mm: page 7 of file");
    assert_int_equal(g_level, LOG_WARN);
}

static void levels_above_the_cap_are_silent(void **state) {
    log_init(LOG_WARN, keep);
    log_info("mm", "x");
    log_debug("mm", "x");
    assert_int_equal(g_lines, 0);
    assert_false(log_enabled(LOG_INFO));
    assert_false(log_enabled(LOG_OFF));
    assert_true(log_enabled(LOG_ERROR));
    log_err("mm", "x");
    assert_int_equal(g_lines, 1);
}

static void newlines_and_escapes_cannot_fake_a_line(void **state) {
    log_init(LOG_TRACE, keep);
    log_err("fs", "open %s", "a\n[error] fs: b\x1b[2J\x7f");
    assert_string_equal(g_line, "[error] fs: open a?[error] fs: b?[2J?");
    log_err("fs", "%s",
            "\xc2\x9b"
            "2J \xc2\x85 \xc3\xa4 \xc2\xa7");
    assert_string_equal(g_line, "[error] fs: ??2J ?? \xc3\xa4 \xc2\xa7");
}

static void long_text_is_cut_with_dots(void **state) {
    static char text[900];

    memset(text, 'x', sizeof(text) - 1);
    log_init(LOG_TRACE, keep);
    log_err("fs", "%s", text);
    assert_int_equal(strlen(g_line), 512);
    assert_string_equal(g_line + 508, "x...");
    memset(text, 'y', sizeof(text) - 1);
    log_err(text, "not reached");
    assert_string_equal(g_line + 508, "y...");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_logged_before_init, fresh),
        cmocka_unit_test_setup(line_carries_level_subsystem_and_text, fresh),
        cmocka_unit_test_setup(levels_above_the_cap_are_silent, fresh),
        cmocka_unit_test_setup(newlines_and_escapes_cannot_fake_a_line, fresh),
        cmocka_unit_test_setup(long_text_is_cut_with_dots, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
