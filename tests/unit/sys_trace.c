/* SPDX-License-Identifier: BSD-3-Clause
 * Trace lines look like strace's; a call that is not there answers ENOSYS and says so once.
 */
#include "tests/lib/unit.h"

#include "base/log.h"
#include "enclave/sys/table.h"
#include "tests/lib/fakeuser.h"
#include "tests/lib/tree.h"

static char g_lines[16][512];
static size_t g_count;

static void keep(enum log_level level, cspan line) {
    size_t n = line.n < 511 ? line.n : 511;

    memcpy(g_lines[g_count % 16], line.p, n);
    g_lines[g_count % 16][n] = '\0';
    g_count++;
}

static const char *last(void) {
    return g_lines[(g_count - 1) % 16];
}

static void assert_last(const char *text) {
    if (strstr(last(), text) == NULL)
        fail_msg("got \"%s\", expected \"%s\" in it", last(), text);
}

static void lines_look_like_strace(void **state) {
    uint64_t path = fakeuser_str("/ro/f").va;

    log_init(LOG_TRACE, keep);
    SYS(257, (uint64_t)-100, path, 0);
    assert_last("[T1][#1] openat(AT_FDCWD, \"/ro/f\", O_RDONLY) = 3");
    SYS(257, (uint64_t)-100, path, O_RDWR | O_CLOEXEC | O_CREAT, 0644);
    assert_last("[T1][#2] openat(AT_FDCWD, \"/ro/f\", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = -1 EROFS");
    SYS(3, 3);
    assert_last("close(3) = 0");
    SYS(8, 1, 0, SEEK_CUR);
    assert_last("lseek(1, 0, SEEK_CUR) = -1 ESPIPE");
    SYS(87, fakeuser_str("a\"b\n").va);
    assert_last("unlink(\"a\\\"b\\x0a\") = -1 ENOENT");
    SYS(87, 0);
    assert_last("unlink(NULL) = -1 EFAULT");
    SYS(262, 1, fakeuser_str("").va, fakeuser_room(144).va, AT_EMPTY_PATH);
    assert_last("newfstatat(1, \"\", 0x10000");
    assert_last(", AT_EMPTY_PATH) = 0");
}

static void a_missing_call_is_said_once(void **state) {
    size_t before;

    log_init(LOG_WARN, keep);
    before = g_count;
    assert_int_equal(SYS(101, 0), -ENOSYS);
    assert_int_equal(SYS(101, 0), -ENOSYS);
    assert_int_equal(g_count, before + 1);
    assert_last("system call 101 ptrace is not there yet: ");
    assert_int_equal(SYS(400, 0), -ENOSYS);
    assert_last("system call 400 does not exist");
    assert_int_equal(SYS(UINT32_MAX, 0), -ENOSYS);
}

/* Every row has a handler or a reason, and prints its arguments without harm. */
static void every_row_is_complete(void **state) {
    size_t rows = 0;

    for (uint64_t nr = 0; nr < 500; nr++) {
        const struct sys_call *c = sys_call_find(nr);

        if (c == NULL)
            continue;
        rows++;
        assert_true((c->call != NULL) != (c->why != NULL));
        for (size_t i = 0; i < c->argc; i++)
            assert_int_not_equal(c->kinds[i], 0);
    }
    assert_int_equal(rows, 335 + 39);
    assert_null(sys_call_find(335));
    assert_null(sys_call_find(UINT64_MAX));
}

#define T(name) cmocka_unit_test_setup_teardown(name, tree_start, tree_stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(lines_look_like_strace),
        T(a_missing_call_is_said_once),
        T(every_row_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
