/* SPDX-License-Identifier: BSD-3-Clause
 * Programs that linkers really make are accepted. Arguments, in threes: what is expected ("fixed"
 * or "movable", then "interp" or "alone"), and a path. tests/unit/elf/meson.build builds some of
 * them. */
#include "tests/lib/unit.h"

#include <sys/stat.h>

#include "abi/image/layout.h"
#include "enclave/proc/elf/plan.h"

static int g_argc;
static char **g_argv;

static void read_plan(struct elf_plan *plan, const char *path) {
    static uint8_t head[ELF_HEAD_SIZE];
    struct stat st;
    FILE *file = fopen(path, "rb");
    const char *why = "";

    if (file == NULL || fstat(fileno(file), &st) != 0)
        fail_msg("%s: %s", path, strerror(errno));
    const size_t n = fread(head, 1, sizeof(head), file);
    fclose(file);
    if (failed(elf_plan(cspan_of(head, n), (uint64_t)st.st_size, plan, &why)))
        fail_msg("%s: %s", path, why);
}

static void check(const char *kind, const char *interp, const char *path) {
    struct elf_plan plan;

    read_plan(&plan, path);
    print_message("%s: expected %s, %s; is %s, %s\n", path, kind, interp,
                  plan.kind == ELF_FIXED ? "fixed" : "movable",
                  plan.interp.present ? "interp" : "alone");
    assert_int_equal(plan.kind, strcmp(kind, "fixed") == 0 ? ELF_FIXED : ELF_MOVABLE);
    assert_int_equal(plan.interp.present, strcmp(interp, "interp") == 0);
    assert_int_equal(plan.interp.nul_seen, plan.interp.present);
    assert_true(plan.phdr != 0);
    assert_false(plan.stack_exec || plan.write_exec);
    if (plan.kind == ELF_MOVABLE)
        assert_int_equal(elf_plan_place(&plan, UINT64_C(0x1200000000)).no, 0);
    assert_in_range(plan.low, USER_BASE, USER_TOP);
}

static void accepts_real_programs(void **state) {
    assert_true(g_argc > 1 && g_argc % 3 == 1);
    for (int i = 1; i < g_argc; i += 3)
        check(g_argv[i], g_argv[i + 1], g_argv[i + 2]);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepts_real_programs)};

    g_argc = argc;
    g_argv = argv;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
