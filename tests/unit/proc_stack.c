/* SPDX-License-Identifier: BSD-3-Clause
 * The first stack is laid out as the ABI says, for any number of strings, and refuses what does not
 * fit or contradicts itself.
 */
#include "tests/lib/unit.h"

#include "base/heap.h"
#include "enclave/proc/stack.h"
#include "tests/lib/pages.h"

#define TOP   0x7000000000ull
#define LIMIT (8u << 20)

static const struct auxv_entry g_auxv[] = {{AT_PAGESZ, 4096}, {AT_ENTRY, 0x1234}};
static struct heap_count g_before;
static span g_image;
static uint64_t g_sp;

static struct stack_input input_of(cspan strings, size_t argc, size_t envc) {
    return (struct stack_input){.strings = {.bytes = strings, .argc = argc, .envc = envc},
                                .exec_path = CSPAN_LIT("/bin/p"),
                                .random = "0123456789abcde",
                                .auxv = g_auxv,
                                .auxv_count = COUNT_OF(g_auxv)};
}

static err build(const struct stack_input *in, uint64_t limit) {
    uaddr sp = UADDR(0);
    err e = stack_build(in, TOP, limit, &g_image, &sp);

    g_sp = sp.va;
    return e;
}

static int start(void **state) {
    g_before = heap_count();
    g_image = span_of(NULL, 0);
    return 0;
}

static int stop(void **state) {
    heap_free(g_image.p);
    assert_int_equal(heap_count().blocks, g_before.blocks);
    return 0;
}

static uint64_t word(uint64_t at) {
    uint64_t v = 0;

    assert_true(cspan_le64(&v, span_c(g_image), at - g_sp));
    return v;
}

static const char *string(uint64_t at) {
    assert_true(at >= g_sp && at < TOP);
    return (const char *)&g_image.p[at - g_sp];
}

static uint64_t aux(uint64_t at, uint64_t type) {
    for (; word(at) != AT_NULL; at += 16) {
        if (word(at) == type)
            return word(at + 8);
    }
    fail_msg("no auxv entry %d", (int)type);
    return 0;
}

static void argc_argv_envp_and_auxv_follow_each_other(void **state) {
    struct stack_input in = input_of(CSPAN_LIT("p\0-x\0\0A=1\0"), 3, 1);

    assert_int_equal(build(&in, LIMIT).no, 0);
    assert_int_equal(g_sp % 16, 0);
    assert_int_equal(g_sp + g_image.n, TOP);
    assert_int_equal(word(g_sp), 3);
    assert_string_equal(string(word(g_sp + 8)), "p");
    assert_string_equal(string(word(g_sp + 16)), "-x");
    assert_string_equal(string(word(g_sp + 24)), "");
    assert_int_equal(word(g_sp + 32), 0);
    assert_string_equal(string(word(g_sp + 40)), "A=1");
    assert_int_equal(word(g_sp + 48), 0);
    uint64_t auxv = g_sp + 56;
    assert_int_equal(aux(auxv, AT_PAGESZ), 4096);
    assert_int_equal(aux(auxv, AT_ENTRY), 0x1234);
    assert_string_equal(string(aux(auxv, AT_EXECFN)), "/bin/p");
    assert_string_equal(string(aux(auxv, AT_PLATFORM)), "x86_64");
    assert_memory_equal(string(aux(auxv, AT_RANDOM)), "0123456789abcde", 16);
    assert_int_equal(word(TOP - 8), 0);
}

static void the_stack_pointer_is_aligned_for_any_input(void **state) {
    char text[100];

    memset(text, 'a', sizeof(text));
    for (size_t n = 1; n < 60; n++) {
        struct stack_input in = input_of(cspan_of(text, n), n % 5, 0);
        for (size_t i = 0; i < n; i++)
            text[i] = i + 1 == n || (n % 5 > i + 1) ? '\0' : 'a';
        in.strings.argc = 0;
        for (size_t i = 0; i < n; i++)
            in.strings.argc += text[i] == '\0' ? 1 : 0;
        assert_int_equal(build(&in, LIMIT).no, 0);
        assert_int_equal(g_sp % 16, 0);
        assert_int_equal(word(g_sp), in.strings.argc);
        heap_free(g_image.p);
    }
    g_image.p = NULL;
}

static void nothing_at_all_is_fine(void **state) {
    struct stack_input in = input_of(cspan_of("", 0), 0, 0);

    in.auxv_count = 0;
    assert_int_equal(build(&in, LIMIT).no, 0);
    assert_int_equal(word(g_sp), 0);
    assert_int_equal(word(g_sp + 8), 0);
    assert_int_equal(word(g_sp + 16), 0);
}

static void the_limit_counts_every_byte(void **state) {
    struct stack_input in = input_of(CSPAN_LIT("p\0A=1\0"), 1, 1);
    uint64_t limit = 16;

    while (build(&in, limit).no == E2BIG)
        limit++;
    assert_true(g_image.n + 16 <= limit);
    assert_int_equal(word(g_sp), 1);
}

static void too_much_is_e2big(void **state) {
    char *text = calloc(1, STACK_STRINGS_MAX + 1);
    struct stack_input in = input_of(cspan_of(text, STACK_STRINGS_MAX + 1), 1, 1);

    assert_int_equal(build(&in, UINT64_MAX / 2).no, E2BIG);
    in.strings.bytes.n = 2;
    in.strings.argc = STACK_COUNT_MAX + 1;
    assert_int_equal(build(&in, UINT64_MAX / 2).no, E2BIG);
    in.strings.argc = SIZE_MAX;
    assert_int_equal(build(&in, UINT64_MAX / 2).no, E2BIG);
    in.strings.argc = 1;
    in.strings.envc = SIZE_MAX / 8;
    assert_int_equal(build(&in, UINT64_MAX / 2).no, E2BIG);
    in.strings.envc = 1;
    in.exec_path.n = STACK_STRINGS_MAX;
    assert_int_equal(build(&in, UINT64_MAX / 2).no, E2BIG);
    free(text);
}

static void strings_that_contradict_their_counts_are_einval(void **state) {
    const struct {
        cspan bytes;
        size_t argc, envc;
    } lies[] = {{CSPAN_LIT("a\0b\0"), 1, 0}, {CSPAN_LIT("a\0b\0"), 2, 1}, {CSPAN_LIT("a\0b"), 2, 0},
                {CSPAN_LIT("a"), 1, 0},      {CSPAN_LIT("a\0"), 0, 0},    {CSPAN_LIT(""), 0, 1}};

    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        struct stack_input in = input_of(lies[i].bytes, lies[i].argc, lies[i].envc);
        assert_int_equal(build(&in, LIMIT).no, EINVAL);
    }
}

static void without_memory_it_is_enomem(void **state) {
    struct stack_input in = input_of(CSPAN_LIT("p\0"), 1, 0);

    heap_fail_at(1);
    assert_int_equal(build(&in, LIMIT).no, ENOMEM);
    heap_fail_at(0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(argc_argv_envp_and_auxv_follow_each_other),
        TEST(the_stack_pointer_is_aligned_for_any_input),
        TEST(nothing_at_all_is_fine),
        TEST(the_limit_counts_every_byte),
        TEST(too_much_is_e2big),
        TEST(strings_that_contradict_their_counts_are_einval),
        TEST(without_memory_it_is_enomem),
    };

    test_heap_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
