/* SPDX-License-Identifier: BSD-3-Clause
 * A start block of the host is taken only if all of it agrees; of its environment only untrusted
 * names get through.
 */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "base/heap.h"
#include "enclave/start/args.h"
#include "tests/lib/pages.h"

/* What the host wrote: outside ELRANGE, as all memory of a test is. */
static struct {
    struct start_block head;
    char strings[256];
} g_block ALIGNED(4096);

/* A configuration with one entry point and an environment. */
static struct {
    struct config_header head;
    struct config_string strings[8];
    char text[128];
} g_image;

static struct config g_config;
static uint32_t g_text_used;
static struct heap_count g_before;

static haddr block(void) {
    return HADDR((uint64_t)(uintptr_t)&g_block);
}

static void put(const char *strings, uint32_t size, uint32_t argc, uint32_t envc) {
    g_block.head = (struct start_block){.magic = START_MAGIC,
                                        .version = START_VERSION,
                                        .total_size = (uint32_t)sizeof(g_block.head) + size,
                                        .argc = argc,
                                        .envc = envc,
                                        .strings_size = size};
    memset(g_block.strings, 'x', sizeof(g_block.strings)); /* not part of it */
    memcpy(g_block.strings, strings, size);
}

#define PUT(text, argc, envc) put((text), sizeof(text) - 1, (argc), (envc))

static void configure(uint32_t kind, const char *text) {
    uint32_t n = (uint32_t)strlen(text);

    g_image.strings[g_image.head.string_count++] = (struct config_string){
        kind, {(uint32_t)((uintptr_t)g_image.text - (uintptr_t)&g_image) + g_text_used, n}};
    memcpy(&g_image.text[g_text_used], text, n + 1);
    g_text_used += n + 1;
    assert_int_equal(config_open(CSPAN_OF(g_image), &g_config).no, 0);
}

static int start(void **state) {
    g_before = heap_count();
    memset(&g_image, 0, sizeof(g_image));
    g_text_used = 0;
    g_image.head = (struct config_header){.magic = CONFIG_MAGIC,
                                          .version = CONFIG_VERSION,
                                          .total_size = sizeof(g_image),
                                          .strings_offset = sizeof(g_image.head)};
    configure(CONFIG_ENTRY_POINT, "/bin");
    return 0;
}

static int stop(void **state) {
    assert_int_equal(heap_count().blocks, g_before.blocks);
    return 0;
}

static void free_bytes(cspan s) {
    heap_free((void *)(uintptr_t)s.p);
}

static err read_it(void) {
    struct start_args a;
    err e = start_args_read(block(), &a);

    if (!failed(e))
        free_bytes(a.strings);
    return e;
}

/* What the program would see, strings with '|' behind each. */
static void sees(const char *want, size_t argc, size_t envc) {
    struct stack_strings s;
    struct start_args a;
    char got[256] = "";

    assert_int_equal(start_args_read(block(), &a).no, 0);
    assert_int_equal(start_strings(&a, &g_config, &s).no, 0);
    memcpy(got, s.bytes.p, s.bytes.n);
    for (size_t i = 0; i < s.bytes.n; i++)
        got[i] = got[i] == '\0' ? '|' : got[i];
    assert_string_equal(got, want);
    assert_int_equal(s.argc, argc);
    assert_int_equal(s.envc, envc);
    free_bytes(s.bytes);
    free_bytes(a.strings);
}

static void the_path_is_whole_and_argv_0_its_last_part(void **state) {
    struct start_args a;
    cspan path;

    PUT("/bin/sh\0-c\0\0", 3, 0);
    assert_int_equal(start_args_read(block(), &a).no, 0);
    assert_true(start_path(&a, &path));
    assert_true(cspan_equal(path, CSPAN_LIT("/bin/sh")));
    free_bytes(a.strings);
    sees("sh|-c||", 3, 0);
}

static void no_arguments_means_no_path(void **state) {
    struct start_args a;
    cspan path;

    PUT("", 0, 0);
    assert_int_equal(start_args_read(block(), &a).no, 0);
    assert_false(start_path(&a, &path));
    free_bytes(a.strings);
    PUT("A=1\0", 0, 1); /* an environment is not an argument */
    assert_int_equal(start_args_read(block(), &a).no, 0);
    assert_false(start_path(&a, &path));
    free_bytes(a.strings);
}

static void counts_that_lie_are_refused(void **state) {
    static const uint32_t lies[][2] = {{0, 0}, {1, 0}, {0, 1},     {3, 0},     {2, 1},
                                       {1, 2}, {0, 3}, {0, 65536}, {65536, 0}, {65536, 65536}};

    PUT("/bin/a\0A=1\0", 1, 1);
    assert_int_equal(read_it().no, 0);
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        g_block.head.argc = lies[i][0];
        g_block.head.envc = lies[i][1];
        assert_int_equal(read_it().no, EINVAL);
    }
}

static void counts_beyond_all_measure_are_e2big(void **state) {
    PUT("/bin/a\0A=1\0", START_MAX_ARGS + 1, 1);
    assert_int_equal(read_it().no, E2BIG);
    PUT("/bin/a\0A=1\0", 1, UINT32_MAX);
    assert_int_equal(read_it().no, E2BIG);
}

static void strings_without_an_end_are_refused(void **state) {
    PUT("/bin/a", 1, 0);
    assert_int_equal(read_it().no, EINVAL);
    PUT("/bin/a\0A=1", 1, 1);
    assert_int_equal(read_it().no, EINVAL);
    PUT("/bin/a\0A=1", 1, 0);
    assert_int_equal(read_it().no, EINVAL);
}

static void sizes_that_lie_are_refused(void **state) {
    static const uint32_t sizes[] = {0, 1, sizeof(struct start_block) - 1, START_MAX_SIZE + 1,
                                     UINT32_MAX};

    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        PUT("/bin/a\0", 1, 0);
        g_block.head.total_size = sizes[i];
        assert_int_equal(read_it().no, EINVAL);
        PUT("/bin/a\0", 1, 0);
        g_block.head.strings_size = sizes[i];
        assert_int_equal(read_it().no, EINVAL);
    }
}

static void another_version_is_refused(void **state) {
    PUT("/bin/a\0", 1, 0);
    g_block.head.version++;
    assert_int_equal(read_it().no, EINVAL);
    PUT("/bin/a\0", 1, 0);
    g_block.head.magic ^= 1ull << 63;
    assert_int_equal(read_it().no, EINVAL);
}

static void a_block_that_is_not_host_memory_is_efault(void **state) {
    static const uint64_t bad[] = {0, USER_BASE, ELRANGE_SIZE - 8, UINT64_MAX - 7,
                                   UINT64_MAX - START_MAX_SIZE + 1};
    struct start_args a;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(start_args_read(HADDR(bad[i]), &a).no, EFAULT);
    assert_int_equal(start_args_read(HADDR(block().va + 4), &a).no, EFAULT);
}

static void only_untrusted_names_come_from_the_host(void **state) {
    configure(CONFIG_ENV_DEFAULT, "HOME=/root");
    configure(CONFIG_ENV_DEFAULT, "LANG=C");
    configure(CONFIG_ENV_UNTRUSTED, "LANG");
    configure(CONFIG_ENV_UNTRUSTED, "TZ");
    configure(CONFIG_ENV_UNTRUSTED, "UNSET");
    PUT("/bin/a\0HOME=/evil\0LANG=de\0LD_PRELOAD=x\0TZ=UTC\0TZX=1\0", 1, 5);
    sees("a|HOME=/root|LANG=de|TZ=UTC|", 1, 3);
}

static void an_argument_is_not_taken_for_a_variable(void **state) {
    configure(CONFIG_ENV_UNTRUSTED, "TZ");
    PUT("/bin/a\0TZ=arg\0", 2, 0);
    sees("a|TZ=arg|", 2, 0);
}

static void the_last_value_of_a_variable_counts(void **state) {
    configure(CONFIG_ENV_UNTRUSTED, "TZ");
    PUT("/bin/a\0TZ=1\0TZ\0TZ=2\0=\0\0", 1, 5);
    sees("a|TZ=2|", 1, 1);
}

static void without_memory_it_is_enomem_and_nothing_is_kept(void **state) {
    struct stack_strings s;
    struct start_args a;

    PUT("/bin/a\0", 1, 0);
    heap_fail_at(1);
    assert_int_equal(read_it().no, ENOMEM);
    heap_fail_at(0);
    assert_int_equal(start_args_read(block(), &a).no, 0);
    heap_fail_at(1);
    assert_int_equal(start_strings(&a, &g_config, &s).no, ENOMEM);
    heap_fail_at(0);
    free_bytes(a.strings);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_path_is_whole_and_argv_0_its_last_part),
        TEST(no_arguments_means_no_path),
        TEST(counts_that_lie_are_refused),
        TEST(counts_beyond_all_measure_are_e2big),
        TEST(strings_without_an_end_are_refused),
        TEST(sizes_that_lie_are_refused),
        TEST(another_version_is_refused),
        TEST(a_block_that_is_not_host_memory_is_efault),
        TEST(only_untrusted_names_come_from_the_host),
        TEST(an_argument_is_not_taken_for_a_variable),
        TEST(the_last_value_of_a_variable_counts),
        TEST(without_memory_it_is_enomem_and_nothing_is_kept),
    };

    test_heap_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
