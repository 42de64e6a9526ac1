/* SPDX-License-Identifier: BSD-3-Clause
 * A descriptor table gives the lowest free number, keeps each file as long as a number names it,
 * and refuses what is out of range.
 */
#include "tests/lib/unit.h"

#include "base/heap.h"
#include "enclave/file/fdtable.h"
#include "tests/lib/pages.h"

static int g_freed;

static err no_stat(struct file *f, struct file_attr *out) {
    return OK;
}

static void count_free(struct file *f) {
    g_freed++;
    heap_free(f);
}

static const struct file_ops g_ops = {.kind = "test", .stat = no_stat, .free = count_free};

static struct file *new_file(void) {
    struct file *f = NEW(struct file);

    file_init(f, &g_ops, O_RDWR);
    return f;
}

static struct fdtable *new_table(void) {
    struct fdtable *t = NULL;

    test_heap_init();
    g_freed = 0;
    assert_false(failed(fdtable_new(&t)));
    return t;
}

static void the_lowest_free_number_is_given(void **state) {
    struct fdtable *t = new_table();
    struct file *f = new_file();
    int no = -1;

    for (int i = 0; i < FD_LIMIT; i++) {
        assert_false(failed(fd_install(t, f, 0, false, &no)));
        assert_int_equal(no, i);
    }
    assert_int_equal(fd_install(t, f, 0, false, &no).no, EMFILE);
    assert_false(failed(fd_close(t, FD(700))));
    assert_false(failed(fd_close(t, FD(63))));
    assert_false(failed(fd_install(t, f, 64, false, &no)));
    assert_int_equal(no, 700);
    assert_false(failed(fd_install(t, f, 0, false, &no)));
    assert_int_equal(no, 63);
    fdtable_free(t);
    assert_int_equal(g_freed, 0);
    file_put(f);
    assert_int_equal(g_freed, 1);
}

static void numbers_out_of_range_are_refused(void **state) {
    struct fdtable *t = new_table();
    struct file *f = new_file();
    struct file *found;
    int no;

    assert_int_equal(fd_lookup(t, FD(-1), &found).no, EBADF);
    assert_int_equal(fd_lookup(t, FD(FD_LIMIT), &found).no, EBADF);
    assert_int_equal(fd_lookup(t, FD(0), &found).no, EBADF);
    assert_int_equal(fd_close(t, FD(INT32_MAX)).no, EBADF);
    assert_int_equal(fd_close(t, FD(INT32_MIN)).no, EBADF);
    assert_int_equal(fd_replace(t, FD(FD_LIMIT), f, false).no, EBADF);
    assert_int_equal(fd_install(t, f, -1, false, &no).no, EINVAL);
    assert_int_equal(fd_install(t, f, FD_LIMIT, false, &no).no, EINVAL);
    file_put(f);
    fdtable_free(t);
}

static void replacing_a_number_by_itself_keeps_the_file(void **state) {
    struct fdtable *t = new_table();
    struct file *f = new_file();
    int no;

    assert_false(failed(fd_install(t, f, 0, false, &no)));
    file_put(f);
    assert_false(failed(fd_replace(t, FD(0), f, false)));
    assert_int_equal(g_freed, 0);
    fdtable_free(t);
    assert_int_equal(g_freed, 1);
}

static void exec_closes_what_is_marked(void **state) {
    struct fdtable *t = new_table();
    struct file *f = new_file();
    bool on;
    int no;

    assert_false(failed(fd_install(t, f, 0, true, &no)));
    assert_false(failed(fd_install(t, f, 0, false, &no)));
    assert_false(failed(fd_cloexec(t, FD(0), &on)));
    assert_true(on);
    fdtable_exec(t);
    assert_int_equal(fd_cloexec(t, FD(0), &on).no, EBADF);
    assert_int_equal(fd_next(t, 0), 1);
    assert_int_equal(fd_next(t, 2), -1);
    file_put(f);
    fdtable_free(t);
    assert_int_equal(heap_count().blocks, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_free_number_is_given),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(replacing_a_number_by_itself_keeps_the_file),
        cmocka_unit_test(exec_closes_what_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
