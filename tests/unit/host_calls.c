/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every host call of host.def against a host that lies. The rows come from the generated table, the
 * expectations from the grammar in host.def, written here a second time as a model: what an answer
 * may be, what is copied, what the request shows.
 */
#define _GNU_SOURCE /* strerrorname_np */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "arch/x86_64/vcpu.h"
#include "base/log.h"
#include "enclave/host/frame.h"
#include "tests/lib/fakearea.h"
#include "tests/lib/hostrow.h"

#define GUARD     64u
#define SECRET    0x5e
#define STALE     0xa5
#define UNTOUCHED 0xee
#define EACH_ROW(r)                                                                                \
    for (const struct host_row *r = g_host_rows; r < g_host_rows + COUNT_OF(g_host_rows); r++)

/* One call: its buffers with guards around, and what the host will say. */
struct trial {
    const struct host_row *row;
    struct host_row_args args;
    size_t size;  /* asked for, of the buffer or structure */
    uint8_t *mem; /* GUARD, size bytes, GUARD */
};

static int64_t g_answer;
static struct host_area g_seen; /* the request as the host saw it */
static bool g_keep_request;
static unsigned g_log_lines;

static void host(struct host_area *area) {
    if (g_keep_request)
        memcpy(&g_seen, area, sizeof(g_seen));
    area->result = g_answer;
}

static void count_line(enum log_level level, cspan line) {
    g_log_lines++;
}

static bool has(const struct host_row *row, char letter) {
    return strchr(row->shape, letter) != NULL;
}

static bool gives(const struct host_row *row) {
    return has(row, 'o') || has(row, 'g');
}

static void trial_start(struct trial *t, const struct host_row *row, size_t size) {
    if (row->struct_size != 0)
        size = row->struct_size;
    *t = (struct trial){.row = row, .size = size, .mem = malloc(size + 2 * (size_t)GUARD)};
    assert_non_null(t->mem);
    memset(t->mem, UNTOUCHED, size + 2 * (size_t)GUARD);
    t->args.in = cspan_of(t->mem + GUARD, size);
    t->args.out = span_of(t->mem + GUARD, size);
    t->args.put = t->mem + GUARD;
    t->args.get = t->mem + GUARD;
    t->args.done = 0x1234;
    t->args.answer = 0x1234;
    for (size_t i = 0; i < COUNT_OF(t->args.numbers); i++)
        t->args.numbers[i] = 0xfedcba9876543210u + i;
    fakearea.read_twice = 0;
    g_log_lines = 0;
}

static err trial_call(struct trial *t, int64_t answer) {
    g_answer = answer;
    return t->row->call(&t->args);
}

/* `copied` bytes of the buffer came from the host, nothing else was written. */
static void trial_end(struct trial *t, size_t copied) {
    for (size_t i = copied; i < t->size + GUARD; i++)
        assert_int_equal(t->mem[GUARD + i], UNTOUCHED);
    for (size_t i = 0; i < GUARD; i++)
        assert_int_equal(t->mem[i], UNTOUCHED);
    assert_int_equal(fakearea.read_twice, 0);
    free(t->mem);
}

static bool is_errno(int64_t answer) {
    return answer < 0 && answer >= -4095 && strerrorname_np((int)-answer) != NULL;
}

/* The model: 0, the errno, or EIO for a lie. */
static int expected(const struct host_row *row, size_t size, int64_t answer) {
    if (answer < 0)
        return is_errno(answer) ? (int)-answer : EIO;
    switch (row->result) {
    case ROW_NONE:
        return answer == 0 ? 0 : EIO;
    case ROW_BYTES:
        return (uint64_t)answer <= (size < HOST_DATA_MAX ? size : HOST_DATA_MAX) ? 0 : EIO;
    case ROW_EXACT:
        return (uint64_t)answer == size ? 0 : EIO;
    case ROW_U64:
        break;
    }
    return 0;
}

static void check_answer(const struct host_row *row, size_t size, int64_t answer) {
    struct trial t;
    size_t copied = 0;

    trial_start(&t, row, size);
    uint64_t exits = fakearea.exits;
    err e = trial_call(&t, answer);
    int want = expected(row, t.size, answer);
    if (e.no != want)
        fail_msg("%s, size %zu, answer %lld: errno %d instead of %d", row->name, t.size,
                 (long long)answer, e.no, want);
    assert_true(fakearea.exits > exits);
    if (want == 0 && gives(row))
        copied = row->result == ROW_BYTES ? (size_t)answer : t.size;
    assert_int_equal(t.args.done, want == 0 && row->result == ROW_BYTES ? answer : 0x1234);
    assert_int_equal(t.args.answer, want == 0 && row->result == ROW_U64 ? answer : 0x1234);
    if (want == EIO && answer != -EIO && row->number != HOST_CALL_log)
        assert_int_equal(g_log_lines, 1); /* a lie is named */
    else
        assert_int_equal(g_log_lines, 0);
    assert_int_equal(fakearea.answers_read, 1);
    assert_int_equal(fakearea.words_read, (copied + 7) / 8);
    trial_end(&t, copied);
}

static const size_t g_sizes[] = {
    0, 1, 7, 8, 9, 15, 63, 64, 4095, 4096, 4097, HOST_DATA_MAX - 1, HOST_DATA_MAX};

static void answers_about_the_size_are_taken_only_if_they_keep_to_it(void **state) {
    EACH_ROW(row) {
        for (size_t i = 0; i < COUNT_OF(g_sizes); i++) {
            int64_t n = (int64_t)g_sizes[i];
            const int64_t answers[] = {n,
                                       n + 1,
                                       n - 1,
                                       n + 7,
                                       n + 8,
                                       n + 4096,
                                       HOST_DATA_MAX,
                                       0,
                                       1,
                                       2,
                                       HOST_DATA_MAX + 1,
                                       n + (1ll << 32),
                                       n / 2,
                                       n ^ INT64_MIN};

            for (size_t k = 0; k < COUNT_OF(answers); k++)
                check_answer(row, g_sizes[i], answers[k]);
        }
    }
}

static void extreme_answers_are_lies_or_numbers(void **state) {
    static const int64_t answers[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX,    INT64_MAX - 1,
                                      INT32_MIN, INT32_MAX,     -4095,        -4096,
                                      -4097,     UINT32_MAX,    -0x100000001, 1ll << 62};

    EACH_ROW(row) {
        for (size_t k = 0; k < COUNT_OF(answers); k++)
            check_answer(row, 24, answers[k]);
    }
}

/* The C library is the oracle of which numbers Linux has. */
static void every_negative_answer_is_a_known_errno_or_a_lie(void **state) {
    EACH_ROW(row) {
        for (int64_t answer = -1; answer >= -4200; answer--)
            check_answer(row, 8, answer);
    }
}

/* What the host finds at argument `slot`. */
static void check_buffer(size_t slot, size_t size, uint64_t *used) {
    uint64_t at = (uint64_t)(uintptr_t)fakearea.area->data + *used;

    assert_int_equal(g_seen.args[slot], at);
    assert_int_equal(g_seen.args[slot + 1], size);
    *used += (size + 7) / 8 * 8;
}

/* The request is checked word by word: arguments, bytes, zeroes up to the word, nothing else. */
static void check_request(const struct trial *t, size_t size) {
    uint64_t used = 0;
    size_t slot = 0, number = 0, given = 0;

    assert_int_equal(g_seen.number, t->row->number);
    for (const char *c = t->row->shape; *c != 0; c++) {
        if (*c == 'n')
            assert_int_equal(g_seen.args[slot++], (uint32_t)t->args.numbers[number++]);
        else if (*c == 'N')
            assert_int_equal(g_seen.args[slot++], t->args.numbers[number++]);
        else {
            check_buffer(slot, size, &used);
            slot += 2;
            given = *c == 'i' || *c == 'p' ? size : 0;
        }
    }
    for (; slot < HOST_ARGS_MAX; slot++)
        assert_int_equal(g_seen.args[slot], 0);
    assert_memory_equal(g_seen.data, t->mem + GUARD, given);
    for (size_t i = given; i < HOST_DATA_MAX; i++)
        assert_int_equal(g_seen.data[i], i < (given + 7) / 8 * 8 ? 0 : STALE);
}

/* Leaves a pattern where the next calls have their locals. */
__attribute__((noinline)) static void secrets_on_the_stack(void) {
    volatile uint8_t stack[4096];

    for (size_t i = 0; i < sizeof(stack); i++)
        stack[i] = SECRET;
}

static void a_request_shows_its_arguments_and_nothing_else(void **state) {
    g_keep_request = true;
    EACH_ROW(row) {
        for (size_t i = 0; i < COUNT_OF(g_sizes); i++) {
            struct trial t;

            trial_start(&t, row, g_sizes[i]);
            fakearea_fill(STALE);
            secrets_on_the_stack();
            err e = trial_call(&t, -EAGAIN);
            assert_int_equal(e.no, EAGAIN);
            check_request(&t, t.size);
            trial_end(&t, 0);
        }
    }
    g_keep_request = false;
}

static void more_than_the_area_holds_is_cut_or_refused_inside(void **state) {
    static const size_t sizes[] = {HOST_DATA_MAX + 1, HOST_DATA_MAX + 8, 2 * HOST_DATA_MAX};

    EACH_ROW(row) {
        for (size_t i = 0; i < COUNT_OF(sizes) && (has(row, 'i') || has(row, 'o')); i++) {
            struct trial t;
            uint64_t exits = fakearea.exits;
            bool cut = row->result == ROW_BYTES;

            trial_start(&t, row, sizes[i]);
            err e = trial_call(&t, cut ? HOST_DATA_MAX : 0);
            assert_int_equal(e.no, cut ? 0 : EMSGSIZE);
            assert_int_equal(fakearea.exits - exits, cut ? 1 : 0);
            if (cut)
                assert_int_equal(t.args.done, HOST_DATA_MAX);
            trial_end(&t, cut && gives(row) ? HOST_DATA_MAX : 0);
            if (cut) {
                trial_start(&t, row, sizes[i]);
                e = trial_call(&t, HOST_DATA_MAX + 1);
                assert_int_equal(e.no, EIO);
                trial_end(&t, 0);
            }
        }
    }
}

/* A size near SIZE_MAX must not wrap to a small one. Nothing is touched, so no such buffer is
 * needed. */
static void sizes_that_wrap_are_refused_inside(void **state) {
    struct host_frame f;
    haddr at;

    for (size_t n = SIZE_MAX; n > SIZE_MAX - 16; n--) {
        host_begin(&f, HOST_CALL_read);
        assert_int_equal(host_arg_out(&f, n, &at).no, EMSGSIZE);
    }
    host_begin(&f, HOST_CALL_read);
    assert_false(failed(host_arg_out(&f, HOST_DATA_MAX - 7, &at)));
    assert_int_equal(host_arg_out(&f, 1, &at).no, EMSGSIZE);
}

static void an_area_that_is_not_all_host_memory_is_refused(void **state) {
    static const uint64_t bad[] = {0,
                                   PAGE_SIZE,
                                   ELRANGE_SIZE - PAGE_SIZE,
                                   ELRANGE_SIZE - sizeof(struct host_area),
                                   ELRANGE_SIZE + 8,
                                   ELRANGE_SIZE + PAGE_SIZE - 1,
                                   UINT64_MAX - PAGE_SIZE + 1,
                                   UINT64_MAX};
    uint64_t before = vcpu_current()->host_area.va;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(host_area_set(HADDR(bad[i])).no, EFAULT);
        assert_int_equal(vcpu_current()->host_area.va, before);
    }
}

/* The log line about a lie is itself a host call; if the host lies about that too, it ends there.
 */
static unsigned g_depth;

static void log_to_host(enum log_level level, cspan line) {
    err ignored = host_log((uint32_t)level, line);

    (void)ignored.no;
    assert_true(++g_depth < 4);
}

static void a_lie_about_the_log_is_not_logged(void **state) {
    log_init(LOG_TRACE, log_to_host);
    EACH_ROW(row) {
        struct trial t;

        g_depth = 0;
        trial_start(&t, row, 8);
        err e = trial_call(&t, -4095);
        assert_int_equal(e.no, EIO);
        assert_int_equal(g_depth, row->number == HOST_CALL_log ? 0 : 1);
        trial_end(&t, 0);
    }
}

static int fresh(void **state) {
    fakearea_reset(host);
    log_init(LOG_TRACE, count_line);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(answers_about_the_size_are_taken_only_if_they_keep_to_it, fresh),
        cmocka_unit_test_setup(extreme_answers_are_lies_or_numbers, fresh),
        cmocka_unit_test_setup(every_negative_answer_is_a_known_errno_or_a_lie, fresh),
        cmocka_unit_test_setup(a_request_shows_its_arguments_and_nothing_else, fresh),
        cmocka_unit_test_setup(more_than_the_area_holds_is_cut_or_refused_inside, fresh),
        cmocka_unit_test_setup(sizes_that_wrap_are_refused_inside, fresh),
        cmocka_unit_test_setup(an_area_that_is_not_all_host_memory_is_refused, fresh),
        cmocka_unit_test_setup(a_lie_about_the_log_is_not_logged, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
