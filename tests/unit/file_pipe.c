/* SPDX-License-Identifier: BSD-3-Clause
 * Tasks at the two ends of a pipe exchange every byte, in order, whatever the sizes and whoever
 * runs when.
 */
#include "tests/lib/unit.h"

#include "base/heap.h"
#include "enclave/file/pipe.h"
#include "tests/lib/baton.h"
#include "tests/lib/pages.h"

#define TOTAL   300000u
#define PIECE   9000u
#define SEEDS   20u
#define WRITERS 3u

struct flow {
    struct file *file;
    uint64_t random;
    uint64_t moved; /* bytes */
    uint32_t waits;
    uint64_t seen[WRITERS]; /* records of each writer */
    int tid;
};

static size_t dice(struct flow *f, size_t sides) {
    f->random = f->random * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(f->random >> 33) % sides;
}

static uint8_t byte_at(uint64_t i) {
    return (uint8_t)(i * 31 + i / 251);
}

/* One read or write that waits its turn instead of blocking. */
static size_t move(struct flow *f, err (*op)(struct file *, struct uio *, size_t *), span bytes) {
    for (;;) {
        struct uio u;
        size_t done;
        uio_kernel(&u, bytes);
        err e = op(f->file, &u, &done);
        if (!failed(e))
            return done;
        if (e.no != EAGAIN)
            return 0;
        f->waits++;
        baton_pass();
    }
}

static void write_all(void *arg) {
    struct flow *f = arg;
    uint8_t bytes[PIECE];

    f->tid = task_current()->tid;
    while (f->moved < TOTAL) {
        size_t n = 1 + dice(f, PIECE);
        for (size_t i = 0; i < n; i++)
            bytes[i] = byte_at(f->moved + i);
        f->moved += move(f, file_write, span_of(bytes, n));
    }
    file_put(f->file);
}

static void read_all(void *arg) {
    struct flow *f = arg;
    uint8_t bytes[PIECE];
    size_t n;

    f->tid = task_current()->tid;
    while ((n = move(f, file_read, span_of(bytes, 1 + dice(f, PIECE)))) > 0) {
        for (size_t i = 0; i < n; i++) {
            if (bytes[i] != byte_at(f->moved + i))
                abort();
        }
        f->moved += n;
    }
    file_put(f->file);
}

static void blocked_tasks_are_woken_by_every_byte_and_by_the_end(void **state) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flow w = {.random = seed}, r = {.random = ~seed};
        assert_int_equal(pipe_open(0, &r.file, &w.file).no, 0);
        const struct baton_task tasks[] = {{.run = read_all, .arg = &r},
                                           {.run = write_all, .arg = &w}};
        baton_run(tasks, 2, seed);
        assert_true(w.moved >= TOTAL);
        assert_int_equal(r.moved, w.moved);
        assert_int_equal(r.waits + w.waits, 0);
    }
}

static void two_tasks_exchange_every_byte_in_order(void **state) {
    struct heap_count before = heap_count();
    uint32_t waits = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flow w = {.random = seed}, r = {.random = ~seed};
        assert_int_equal(pipe_open(O_NONBLOCK, &r.file, &w.file).no, 0);
        const struct baton_task tasks[] = {{.run = read_all, .arg = &r},
                                           {.run = write_all, .arg = &w}};
        baton_run(tasks, 2, seed);
        assert_true(w.moved >= TOTAL);
        assert_int_equal(r.moved, w.moved);
        assert_int_equal(r.tid, 1);
        assert_int_equal(w.tid, 2);
        waits += r.waits + w.waits;
    }
    assert_true(waits > SEEDS);
    assert_int_equal(heap_count().blocks, before.blocks);
}

#define RECORD  1000u /* at most PIPE_ATOMIC: never mixed with another's */
#define RECORDS 200u

static void write_records(void *arg) {
    struct flow *f = arg;
    uint8_t bytes[RECORD];

    f->tid = task_current()->tid;
    memset(bytes, f->tid, sizeof(bytes));
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (move(f, file_write, SPAN_OF(bytes)) != RECORD)
            abort();
        if (dice(f, 3) == 0)
            baton_pass();
    }
    file_put(f->file);
}

static void read_records(void *arg) {
    struct flow *f = arg;
    uint8_t bytes[RECORD];

    while (move(f, file_read, SPAN_OF(bytes)) == RECORD) {
        for (uint32_t i = 1; i < RECORD; i++) {
            if (bytes[i] != bytes[0])
                abort();
        }
        f->seen[bytes[0] - 1u]++;
    }
    file_put(f->file);
}

static void small_writes_of_many_tasks_are_never_mixed(void **state) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flow flows[WRITERS + 1] = {{0}};
        struct baton_task tasks[WRITERS + 1];
        struct file *w;
        assert_int_equal(pipe_open(O_NONBLOCK, &flows[WRITERS].file, &w).no, 0);
        for (size_t i = 0; i < WRITERS; i++) {
            flows[i] = (struct flow){.file = i == 0 ? w : file_get(w), .random = seed + i};
            tasks[i] = (struct baton_task){.run = write_records, .arg = &flows[i]};
        }
        tasks[WRITERS] = (struct baton_task){.run = read_records, .arg = &flows[WRITERS]};
        baton_run(tasks, WRITERS + 1, seed);
        for (size_t i = 0; i < WRITERS; i++)
            assert_int_equal(flows[WRITERS].seen[i], RECORDS);
    }
}

static void without_a_reader_a_write_is_epipe(void **state) {
    char byte = 1;
    struct file *r, *w;
    struct uio u;
    size_t done;

    assert_int_equal(pipe_open(0, &r, &w).no, 0);
    file_put(r);
    uio_kernel(&u, SPAN_OF(byte));
    assert_int_equal(file_write(w, &u, &done).no, EPIPE);
    file_put(w);
}

static void a_pipe_without_memory_is_enomem(void **state) {
    struct heap_count before = heap_count();
    struct file *r, *w;

    for (uint64_t n = 1; n <= 4; n++) {
        heap_fail_at(n);
        assert_int_equal(pipe_open(0, &r, &w).no, ENOMEM);
        heap_fail_at(0);
        assert_int_equal(heap_count().blocks, before.blocks);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocked_tasks_are_woken_by_every_byte_and_by_the_end),
        cmocka_unit_test(two_tasks_exchange_every_byte_in_order),
        cmocka_unit_test(small_writes_of_many_tasks_are_never_mixed),
        cmocka_unit_test(without_a_reader_a_write_is_epipe),
        cmocka_unit_test(a_pipe_without_memory_is_enomem),
    };

    test_heap_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
