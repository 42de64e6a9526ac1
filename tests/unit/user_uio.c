/* SPDX-License-Identifier: BSD-3-Clause
 * A uio moves bytes in order over any cut into ranges and stops where memory does.
 */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "enclave/user/uio.h"
#include "tests/lib/fakeuser.h"

#define ALPHABET "abcdefghijklmnopqrstuvwxyz"

static cspan alphabet(void) {
    return CSPAN_LIT(ALPHABET);
}

static int start(void **state) {
    fakeuser_reset();
    return 0;
}

static void must(err e) {
    assert_int_equal(e.no, 0);
}

static void kernel_memory_is_filled_and_used_up(void **state) {
    char room[30] = "";
    struct uio u;
    size_t done;

    uio_kernel(&u, SPAN_OF(room));
    must(uio_put(&u, alphabet(), &done));
    assert_int_equal(done, 26);
    must(uio_put(&u, alphabet(), &done));
    assert_int_equal(done, 4);
    must(uio_put(&u, alphabet(), &done));
    assert_int_equal(done, 0);
    assert_memory_equal(room, ALPHABET "abcd", 30);
}

static void kernel_memory_is_read_to_its_end(void **state) {
    char room[26], got[20] = "";
    struct uio u;
    size_t done;

    memcpy(room, ALPHABET, 26);
    uio_kernel(&u, SPAN_OF(room));
    must(uio_get(&u, SPAN_OF(got), &done));
    assert_int_equal(done, 20);
    must(uio_get(&u, SPAN_OF(got), &done));
    assert_int_equal(done, 6);
    assert_memory_equal(got, "uvwxyz", 6);
}

static void a_user_range_takes_what_fits(void **state) {
    uaddr at = fakeuser_room(32);
    struct user_iovec slot;
    struct uio u;
    size_t done;

    uio_user(&u, &slot, at, 10);
    must(uio_put(&u, alphabet(), &done));
    assert_int_equal(done, 10);
    assert_int_equal(u.left, 0);
    assert_memory_equal(fakeuser_at(at, 11), "abcdefghij\xee", 11);
}

/* Every way of cutting 6 bytes into up to 4 ranges, and every size of a step. */
static void any_cut_into_ranges_gives_the_same_bytes(void **state) {
    for (uint64_t cut = 0; cut < 7 * 7 * 7; cut++) {
        uint64_t a = cut % 7, b = cut / 7 % 7, c = cut / 49;
        if (a + b + c > 6)
            continue;
        for (size_t step = 1; step <= 6; step++) {
            start(NULL);
            uaddr at[4] = {fakeuser_room(8), fakeuser_room(8), fakeuser_room(8), fakeuser_room(8)};
            struct user_iovec vec[4] = {
                {at[0].va, a}, {at[1].va, b}, {at[2].va, c}, {at[3].va, 6 - a - b - c}};
            char got[6];
            struct uio u;
            size_t done;
            uio_user_vec(&u, CSPAN_OF(vec), 6);
            for (size_t i = 0; i < 6; i += done)
                must(uio_put(&u, cspan_of(&ALPHABET[i], step), &done));
            uio_user_vec(&u, CSPAN_OF(vec), 6);
            for (size_t i = 0; i < 6; i += done)
                must(uio_get(&u, span_of(&got[i], 6 - i < step ? 6 - i : step), &done));
            assert_memory_equal(got, ALPHABET, 6);
        }
    }
}

static void a_fault_on_the_first_byte_is_efault(void **state) {
    static const uint64_t bad[] = {0, 4096, FAKEUSER_END, UINT64_MAX - 5};
    char got[26];
    size_t done = 99;

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct user_iovec slot;
        struct uio u;
        uio_user(&u, &slot, UADDR(bad[i]), 26);
        assert_int_equal(uio_put(&u, alphabet(), &done).no, EFAULT);
        assert_int_equal(uio_get(&u, SPAN_OF(got), &done).no, EFAULT);
        assert_int_equal(u.left, 26);
    }
    assert_int_equal(done, 99);
}

static void a_range_that_wraps_is_efault(void **state) {
    struct user_iovec vec = {UINT64_MAX, 26};
    struct uio u;
    size_t done;

    uio_user_vec(&u, CSPAN_OF(vec), 26);
    u.off = 1;
    assert_int_equal(uio_put(&u, alphabet(), &done).no, EFAULT);
}

static void a_fault_later_ends_with_what_was_moved(void **state) {
    struct user_iovec vec[2] = {{fakeuser_room(16).va, 10}, {4096, 16}};
    char got[26] = "";
    struct uio u;
    size_t done;

    uio_user_vec(&u, CSPAN_OF(vec), 26);
    must(uio_put(&u, alphabet(), &done));
    assert_int_equal(done, 10);
    assert_int_equal(uio_put(&u, alphabet(), &done).no, EFAULT);
    uio_user_vec(&u, CSPAN_OF(vec), 26);
    must(uio_get(&u, SPAN_OF(got), &done));
    assert_int_equal(done, 10);
    assert_memory_equal(got, "abcdefghij", 10);
}

static void a_range_that_runs_out_of_memory_is_moved_up_to_there(void **state) {
    static uint8_t bytes[3 * PAGE_SIZE], got[3 * PAGE_SIZE];
    struct user_iovec slot;
    struct uio u;
    size_t done;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    uio_user(&u, &slot, UADDR(FAKEUSER_END - PAGE_SIZE - 100), sizeof(bytes));
    must(uio_put(&u, CSPAN_OF(bytes), &done));
    assert_int_equal(done, PAGE_SIZE + 100);
    assert_int_equal(uio_put(&u, CSPAN_OF(bytes), &done).no, EFAULT);
    uio_user(&u, &slot, UADDR(FAKEUSER_END - PAGE_SIZE - 100), sizeof(bytes));
    must(uio_get(&u, SPAN_OF(got), &done));
    assert_int_equal(done, PAGE_SIZE + 100);
    assert_memory_equal(got, bytes, done);
}

static void nothing_to_move_is_no_fault(void **state) {
    struct user_iovec slot;
    struct uio u;
    size_t done = 1;

    uio_user(&u, &slot, UADDR(0), 0);
    must(uio_put(&u, alphabet(), &done));
    assert_int_equal(done, 0);
    uio_user(&u, &slot, UADDR(0), 26);
    must(uio_put(&u, cspan_of("", 0), &done));
    assert_int_equal(done, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, start)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(kernel_memory_is_filled_and_used_up),
        TEST(kernel_memory_is_read_to_its_end),
        TEST(a_user_range_takes_what_fits),
        TEST(any_cut_into_ranges_gives_the_same_bytes),
        TEST(a_fault_on_the_first_byte_is_efault),
        TEST(a_range_that_wraps_is_efault),
        TEST(a_fault_later_ends_with_what_was_moved),
        TEST(a_range_that_runs_out_of_memory_is_moved_up_to_there),
        TEST(nothing_to_move_is_no_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
