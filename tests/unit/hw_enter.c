/* SPDX-License-Identifier: BSD-3-Clause
 * Whatever ends a stay in the enclave, the launcher knows which of the ways it was, and never takes
 * an exception for an answer. */
#include "tests/lib/unit.h"

#include "abi/host/area.h"
#include "abi/image/layout.h"
#include "host/run/say.h"
#include "tests/unit/hw_machine.h"

#define TCS(n) (VCPU_BASE + (n) * VCPU_STRIDE)

static void turns(const struct machine_turn *list, uint32_t n) {
    machine.turn = 0;
    machine.turn_count = n;
    for (uint32_t i = 0; i < n; i++)
        machine.turns[i] = list[i];
}

#define TURNS(...)                                                                                 \
    turns((const struct machine_turn[]){__VA_ARGS__},                                              \
          sizeof((const struct machine_turn[]){__VA_ARGS__}) / sizeof(struct machine_turn))
#define LEAVES(code, value) {.function = SGX_EEXIT, .rdi = (code), .rsi = (value)}
#define FAULTS(v)           {.function = SGX_ERESUME, .vector = (v)}
#define DECIDES             LEAVES(HOST_EXIT_EXC, 0)

static void assert_entry(uint32_t i, uint64_t function, uint32_t tcs, uint64_t rdi) {
    assert_int_equal(machine.entries[i].function, function);
    assert_int_equal(machine.entries[i].tcs, TCS(tcs));
    assert_int_equal(machine.entries[i].rdi, rdi);
}

static void enter(void) {
    hw_backend.enter(0, 0);
}

static void eexit_is_the_answer(void **state) {
    TURNS(LEAVES(HOST_EXIT_CALL, 17), LEAVES(HOST_EXIT_DONE, 3));
    struct enclave_exit e = hw_backend.enter(2, 1234);
    assert_int_equal(e.code, HOST_EXIT_CALL);
    assert_int_equal(e.value, 17);
    assert_entry(0, SGX_EENTER, 2, 1234);
    e = hw_backend.enter(2, 0);
    assert_int_equal(e.code, HOST_EXIT_DONE);
    assert_int_equal(e.value, 3);
    assert_entry(1, SGX_EENTER, 2, 0);
    assert_int_equal(backend_stats.eenter, 2);
    assert_int_equal(backend_stats.eexit, 2);
}

/* The vDSO answers 0 for an exception too; the vector is for messages only. */
static void exception_of_every_vector_is_delivered_and_resumed(void **state) {
    for (uint16_t vector = 0; vector < 32; vector++) {
        machine_start(NULL);
        TURNS(FAULTS(vector), DECIDES, FAULTS(vector), DECIDES, LEAVES(HOST_EXIT_CALL, 5));
        struct enclave_exit e = hw_backend.enter(1, 99);
        assert_int_equal(e.code, HOST_EXIT_CALL);
        assert_int_equal(e.value, 5);
        assert_entry(0, SGX_EENTER, 1, 99);
        assert_entry(1, SGX_EENTER, 1, 0);
        assert_entry(2, SGX_ERESUME, 1, 0);
        assert_entry(3, SGX_EENTER, 1, 0);
        assert_entry(4, SGX_ERESUME, 1, 0);
        assert_int_equal(machine.turn, 5);
        assert_int_equal(backend_stats.aex, 2);
        assert_int_equal(backend_stats.eresume, 2);
    }
}

static void exception_in_the_handler_stops(void **state) {
    TURNS(FAULTS(SGX_VEC_PF), FAULTS(SGX_VEC_UD));
    assert_dies(enter, "exception handler stopped: vector 6");
    assert_int_equal(machine_code, EXIT_CRASH);
}

static void handler_that_answers_otherwise_stops(void **state) {
    TURNS(FAULTS(SGX_VEC_PF), LEAVES(HOST_EXIT_CALL, 0));
    assert_dies(enter, "answered an exception with the exit code 1");
}

static void entry_that_the_cpu_refuses_stops(void **state) {
    TURNS({.function = SGX_EENTER, .vector = SGX_VEC_GP, .not_entered = true});
    assert_dies(enter, "refuses to enter the enclave (vector 13");
    machine_start(NULL);
    TURNS(FAULTS(SGX_VEC_UD), {.function = SGX_EENTER, .vector = SGX_VEC_PF, .not_entered = true});
    assert_dies(enter, "refuses to enter the enclave (vector 14");
}

/* Else the launcher would deliver the same nothing for ever. */
static void resume_that_the_cpu_refuses_stops(void **state) {
    TURNS(FAULTS(SGX_VEC_UD), DECIDES,
          {.function = SGX_ERESUME, .vector = SGX_VEC_PF, .not_entered = true});
    assert_dies(enter, "refuses to resume the enclave (vector 14");
}

static void unknown_function_stops(void **state) {
    static const uint32_t unknown[] = {0, 1, 5, 6, 7, 0x80000004u, UINT32_MAX};

    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        machine_start(NULL);
        TURNS({.function = unknown[i], .rdi = HOST_EXIT_DONE});
        assert_dies(enter, "by the unknown function");
    }
}

static void kernel_without_the_vdso_function_is_named(void **state) {
    TURNS({.answer = -ENOSYS});
    assert_dies(enter, "this kernel's vDSO has no __vdso_sgx_enter_enclave");
    assert_int_equal(machine_code, EXIT_REFUSED);
}

static void refusal_of_the_vdso_function_stops(void **state) {
    TURNS({.function = SGX_EEXIT, .answer = -EINVAL});
    assert_dies(enter, "entering the enclave failed (EINVAL)");
}

/* ---- #DB and #BP: the vDSO leaves them to signals ---- */

static struct ucontext g_context;

static void signal_now(void) {
    struct siginfo info = {.signo = SIGTRAP, .code = 1};

    hw_on_signal(SIGTRAP, &info, &g_context);
}

/* The first entry is interrupted by a breakpoint signal before it comes back. */
static int64_t enter_with_a_signal(struct hw_call *call) {
    static bool signalled;

    if (!signalled) {
        signalled = true;
        signal_now();
    }
    return machine_device.enter(call);
}

static int64_t enter_with_a_signal_elsewhere(struct hw_call *call) {
    g_context.rip++;
    signal_now();
    return 0;
}

static void at_the_aep(uint32_t tcs) {
    g_context = (struct ucontext){
        .rax = SGX_ERESUME, .rbx = TCS(tcs), .rcx = 0x7fff1000, .rip = 0x7fff1000};
}

static void breakpoint_signal_is_delivered_at_the_aep(void **state) {
    struct sgx_device device = machine_device;

    device.enter = enter_with_a_signal;
    hw.device = &device;
    at_the_aep(3);
    TURNS(DECIDES, LEAVES(HOST_EXIT_DONE, 0));
    /* the nested entry of the handler must not signal again */
    assert_int_equal(hw_backend.enter(3, 7).code, HOST_EXIT_DONE);
    assert_entry(0, SGX_EENTER, 3, 0);
    assert_entry(1, SGX_EENTER, 3, 7);
}

static void signal_elsewhere_is_the_launchers_end(void **state) {
    struct sgx_device device = machine_device;

    TURNS(LEAVES(HOST_EXIT_CALL, 0));
    enter();
    at_the_aep(0); /* but nothing is entered any more */
    assert_dies(signal_now, "the launcher itself stopped: signal 5");
    device.enter = enter_with_a_signal_elsewhere;
    hw.device = &device;
    assert_dies(enter, "the launcher itself stopped: signal 5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(eexit_is_the_answer, machine_start),
        cmocka_unit_test_setup(exception_of_every_vector_is_delivered_and_resumed, machine_start),
        cmocka_unit_test_setup(exception_in_the_handler_stops, machine_start),
        cmocka_unit_test_setup(handler_that_answers_otherwise_stops, machine_start),
        cmocka_unit_test_setup(entry_that_the_cpu_refuses_stops, machine_start),
        cmocka_unit_test_setup(resume_that_the_cpu_refuses_stops, machine_start),
        cmocka_unit_test_setup(unknown_function_stops, machine_start),
        cmocka_unit_test_setup(kernel_without_the_vdso_function_is_named, machine_start),
        cmocka_unit_test_setup(refusal_of_the_vdso_function_stops, machine_start),
        cmocka_unit_test_setup(breakpoint_signal_is_delivered_at_the_aep, machine_start),
        cmocka_unit_test_setup(signal_elsewhere_is_the_launchers_end, machine_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
