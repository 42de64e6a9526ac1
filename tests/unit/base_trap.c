/* SPDX-License-Identifier: BSD-3-Clause
 * Traps end the process and are named by the bytes at which it stopped. With clang the file is
 * compiled with its trapping checks, so the numbers in trap.c are compared with the compiler's own.
 */
#include "tests/lib/unit.h"

#include "base/trap.h"
#include "tests/lib/dies.h"

static volatile int g_zero = 0;
static volatile int g_one = 1;
static volatile int g_max = INT32_MAX;
static volatile int g_min = INT32_MIN;
static volatile int g_sink;
static int g_array[4];

static void crime_check(void) {
    CHECK(g_zero == 1);
}

static void crime_stack_guard(void) {
    trap(TRAP_STACK_GUARD);
}

static void crime_list(void) {
    trap(TRAP_LIST);
}

static void no_crime(void) {
    CHECK(g_zero == 0);
}

static void own_traps_are_named(void **state) {
    assert_string_equal(dies_of(crime_check), "check");
    assert_string_equal(dies_of(crime_stack_guard), "stack guard");
    assert_string_equal(dies_of(crime_list), "list links");
    assert_string_equal(dies_of(no_crime), "exit");
}

static void crime_bounds(void) {
    g_sink = g_array[g_one + 3];
}

static void crime_add(void) {
    g_sink = g_max + g_one;
}

static void crime_sub(void) {
    g_sink = g_min - g_one;
}

static void crime_mul(void) {
    g_sink = g_max * g_max;
}

static void crime_negate(void) {
    g_sink = -g_min;
}

static void crime_divide(void) {
    g_sink = g_one / g_zero;
}

static void crime_shift(void) {
    g_sink = g_one << (g_one + 31);
}

static void crime_null(void) {
    int *volatile p = NULL;

    g_sink = *p;
}

static void crime_bool(void) {
    bool b;

    memset(&b, 7 * g_one, sizeof(b));
    g_sink = b ? 1 : 2;
}

static void crime_unreachable(void) {
    if (g_one == 1)
        __builtin_unreachable();
    g_sink = 1;
}

static void compiler_traps_are_named(void **state) {
    static const struct {
        void (*crime)(void);
        const char *name;
    } crimes[] = {
        {crime_bounds, "bounds"},
        {crime_add, "signed add overflow"},
        {crime_sub, "signed subtract overflow"},
        {crime_mul, "signed multiply overflow"},
        {crime_negate, "signed negate overflow"},
        {crime_divide, "division"},
        {crime_shift, "shift"},
        {crime_null, "null or object size"},
        {crime_bool, "invalid bool or enum"},
        {crime_unreachable, "unreachable"},
    };

    for (size_t i = 0; i < COUNT_OF(crimes); i++) {
#if defined(__clang__)
        assert_string_equal(dies_of(crimes[i].crime), crimes[i].name);
#else
        assert_string_equal(dies_of(crimes[i].crime), "undefined behaviour");
#endif
    }
}

static void ud2_before_an_indirect_call_is_kcfi(void **state) {
    static const uint8_t call_rax[] = {0x0f, 0x0b, 0xff, 0xd0, 0x90};
    static const uint8_t call_r11[] = {0x0f, 0x0b, 0x41, 0xff, 0xd3};
    static const uint8_t jmp_rcx[] = {0x0f, 0x0b, 0xff, 0xe1, 0xcc};
    static const uint8_t alone[] = {0x0f, 0x0b, 0x48, 0x89, 0xc7};

    assert_string_equal(trap_name(call_rax), "kcfi");
    assert_string_equal(trap_name(call_r11), "kcfi");
    assert_string_equal(trap_name(jmp_rcx), "kcfi");
    assert_string_equal(trap_name(alone), "undefined behaviour");
}

static void other_instructions_have_no_name(void **state) {
    static const uint8_t cpuid[] = {0x0f, 0xa2, 0x90, 0x90, 0x90};
    static const uint8_t kind_between[] = {0x67, 0x0f, 0xb9, 0x40, 0x40};
    static const uint8_t kind_above[] = {0x67, 0x0f, 0xb9, 0x40, 0xff};
    static const uint8_t other_operand[] = {0x67, 0x0f, 0xb9, 0xc0, 0x12};

    assert_null(trap_name(cpuid));
    assert_null(trap_name(kind_between));
    assert_null(trap_name(kind_above));
    assert_null(trap_name(other_operand));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_traps_are_named),
        cmocka_unit_test(compiler_traps_are_named),
        cmocka_unit_test(ud2_before_an_indirect_call_is_kcfi),
        cmocka_unit_test(other_instructions_have_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
