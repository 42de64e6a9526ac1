/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Answers that keep to host.def and are lies all the same: nonsense about files, time that jumps,
 * poll bits nobody asked for, calls that never get anywhere. Files and clocks are the real ones, on
 * the real stubs.
 */
#include "tests/lib/unit.h"

#include "base/log.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/host/call.h"
#define timespec guest_timespec /* libc has one, too */
#include "enclave/time/clock.h"
#include "host_num_gen.h"
#include "tests/lib/fakearea.h"
#include "tests/lib/fakemem.h"
#include "tests/lib/fakeuser.h"
#include "tests/lib/pages.h"

/* What the host says. */
static struct {
    int64_t answer; /* to all calls but fstat */
    struct host_stat st;
    uint8_t fill; /* of the data area */
} g_host;

static void host(struct host_area *area) {
    bool is_fstat = area->number == HOST_CALL_fstat;

    area->result = is_fstat ? 0 : g_host.answer;
    memset(area->data, g_host.fill, 4096);
    if (is_fstat)
        memcpy(area->data, &g_host.st, sizeof(g_host.st));
}

static struct file *file_of(uint32_t type, uint32_t flags) {
    struct file *f = NULL;

    g_host.st = (struct host_stat){.type = type, .flags = flags};
    assert_false(failed(stdio_open(1, &f)));
    return f;
}

/* No pages of a program: its memory is that of fakeuser. */
bool fakemem_read(span dst, uint64_t at) {
    return false;
}

bool fakemem_write(uint64_t at, cspan src) {
    return false;
}

bool fakemem_zero(uint64_t at, size_t n) {
    return false;
}

static void a_file_of_no_known_kind_is_closed(void **state) {
    static const struct host_stat bad[] = {
        {.type = HOST_FILE_CLOSED},
        {.type = HOST_FILE_OTHER + 1},
        {.type = UINT32_MAX},
        {.type = HOST_FILE_PIPE, .flags = 3},
        {.type = HOST_FILE_PIPE, .flags = UINT32_MAX},
    };
    struct file *f;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        g_host.st = bad[i];
        assert_int_equal(stdio_open(0, &f).no, ENXIO);
    }
}

static void a_kind_stays_what_it_was_at_opening(void **state) {
    struct file *f = file_of(HOST_FILE_PIPE, O_RDWR);
    struct file_attr attr = {0};

    g_host.st = (struct host_stat){.type = HOST_FILE_REGULAR, .size = 77};
    assert_false(failed(file_stat(f, &attr)));
    assert_true(mode_is(attr.mode, S_IFIFO));
    assert_int_equal(attr.size, 0);
    file_put(f);
}

static void a_size_no_program_can_see_is_refused(void **state) {
    struct file *f = file_of(HOST_FILE_REGULAR, O_RDWR);
    struct file_attr attr = {0};

    g_host.st.size = INT64_MAX;
    assert_false(failed(file_stat(f, &attr)));
    assert_int_equal(attr.size, INT64_MAX);
    g_host.st.size = (uint64_t)INT64_MAX + 1;
    assert_int_equal(file_stat(f, &attr).no, EIO);
    g_host.st.size = UINT64_MAX;
    assert_int_equal(file_stat(f, &attr).no, EIO);
    file_put(f);
}

static void poll_bits_nobody_asked_for_are_dropped(void **state) {
    struct file *f = file_of(HOST_FILE_PIPE, O_RDWR);
    uint32_t ready;

    g_host.answer = INT64_MAX;
    assert_false(failed(file_poll(f, POLLIN, &ready)));
    assert_int_equal(ready, POLLIN | POLLERR | POLLHUP);
    g_host.answer = 1ll << 32;
    assert_false(failed(file_poll(f, POLLIN, &ready)));
    assert_int_equal(ready, 0);
    file_put(f);
}

static void monotonic_time_never_goes_back(void **state) {
    static const int64_t said[] = {1000, 5, 0, 2000, 1999, INT64_MAX, 3, 0, INT64_MAX};
    uint64_t last = 0;

    for (size_t i = 0; i < COUNT_OF(said); i++) {
        uint64_t now = 0, cpu = 0;

        g_host.answer = said[i];
        assert_false(failed(clock_read(CLOCK_MONOTONIC, &now)));
        assert_true(now >= last && now <= INT64_MAX);
        assert_false(failed(clock_read(CLOCK_PROCESS_CPUTIME_ID, &cpu)));
        assert_true(cpu <= now);
        last = now;
    }
    assert_int_equal(last, INT64_MAX);
}

static void a_clock_that_fails_is_an_io_error(void **state) {
    uint64_t ns = 7;

    g_host.answer = -ENOENT;
    assert_int_equal(clock_read(CLOCK_REALTIME, &ns).no, EIO);
    assert_int_equal(clock_read(CLOCK_MONOTONIC, &ns).no, EIO);
    assert_int_equal(clock_sleep(1).no, EIO);
    assert_int_equal(clock_host_sleep(1).no, EIO);
    g_host.answer = INT64_MIN;
    assert_int_equal(clock_read(CLOCK_REALTIME, &ns).no, EIO);
    assert_int_equal(ns, 7);
    g_host.answer = -EINTR;
    assert_int_equal(clock_host_sleep(1).no, EINTR);
}

/* A host that never takes or gives anything is asked once, not for ever. */
static void a_call_without_progress_ends(void **state) {
    static const int64_t said[] = {0, -EINTR, -EAGAIN, -EPIPE, INT64_MAX, INT64_MIN};
    struct file *f = file_of(HOST_FILE_PIPE, O_RDWR);
    uint8_t bytes[100] = {0};

    for (size_t i = 0; i < COUNT_OF(said); i++) {
        bool eof = said[i] == 0;
        bool lie = said[i] == INT64_MAX || said[i] == INT64_MIN;
        int no = lie ? EIO : (int)-said[i];
        struct uio u;
        size_t done = 0;

        g_host.answer = said[i];
        uio_kernel(&u, SPAN_OF(bytes));
        uint64_t exits = fakearea.exits;
        assert_int_equal(file_read(f, &u, &done).no, no);
        assert_int_equal(done, 0);
        uio_kernel(&u, SPAN_OF(bytes));
        assert_int_equal(file_write(f, &u, &done).no, eof ? EIO : no);
        assert_int_equal(done, 0);
        assert_true(fakearea.exits - exits <= 2);
    }
    file_put(f);
}

static void garbage_of_a_terminal_stays_in_its_structure(void **state) {
    struct file *f = file_of(HOST_FILE_TTY, O_RDWR);
    int64_t ret = 0;

    fakeuser_reset();
    uaddr arg = fakeuser_room(64);
    const uint8_t *seen = fakeuser_at(arg, 64);
    g_host.answer = 0;
    g_host.fill = 0x9b;
    assert_false(failed(file_ioctl(f, 0x5401, arg, &ret)));
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(seen[i], i < sizeof(struct host_termios) ? 0x9b : 0xee);
    file_put(f);
}

static char g_line[1024];

static void keep(enum log_level level, cspan line) {
    memcpy(g_line, line.p, line.n);
    g_line[line.n] = 0;
}

/* As kernel_crash() prints it. */
static void a_symbol_cannot_fake_a_log_line(void **state) {
    uint8_t name[128];
    size_t n = 0;

    log_init(LOG_ERROR, keep);
    for (unsigned c = 0; c < 0x20; c++) {
        g_host.fill = (uint8_t)c;
        g_host.answer = sizeof(name);
        assert_false(failed(host_symbol(1, SPAN_OF(name), &n)));
        log_err("libos", "in %.*s (rip)", (int)n, (const char *)name);
        for (const char *s = g_line; *s != 0; s++)
            assert_true(*s >= ' ' && *s <= '~');
    }
}

static int fresh(void **state) {
    test_heap_init();
    fakearea_reset(host);
    memset(&g_host, 0, sizeof(g_host));
    log_init(LOG_OFF, NULL);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_file_of_no_known_kind_is_closed, fresh),
        cmocka_unit_test_setup(a_kind_stays_what_it_was_at_opening, fresh),
        cmocka_unit_test_setup(a_size_no_program_can_see_is_refused, fresh),
        cmocka_unit_test_setup(poll_bits_nobody_asked_for_are_dropped, fresh),
        cmocka_unit_test_setup(monotonic_time_never_goes_back, fresh),
        cmocka_unit_test_setup(a_clock_that_fails_is_an_io_error, fresh),
        cmocka_unit_test_setup(a_call_without_progress_ends, fresh),
        cmocka_unit_test_setup(garbage_of_a_terminal_stays_in_its_structure, fresh),
        cmocka_unit_test_setup(a_symbol_cannot_fake_a_log_line, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
