/* SPDX-License-Identifier: BSD-3-Clause
 * What the launcher believes about the SGX driver's ABI is what the kernel's header says, and the
 * call into the vDSO keeps what C expects to be kept. */
#include "tests/lib/unit.h"

#include <asm/sgx.h>

#include "host/run/hw.h"

#define SAME_SIZE(ours, theirs) _Static_assert(sizeof(struct ours) == sizeof(struct theirs), #ours)
#define SAME(ours, a, theirs, b)                                                                   \
    _Static_assert(offsetof(struct ours, a) == offsetof(struct theirs, b) &&                       \
                       sizeof(((struct ours *)0)->a) == sizeof(((struct theirs *)0)->b),           \
                   #ours "." #a)
#define SAME_NUMBER(ours, theirs) _Static_assert((ours) == (theirs), #ours)

SAME_SIZE(hw_create, sgx_enclave_create);
SAME(hw_create, src, sgx_enclave_create, src);

SAME_SIZE(hw_add_pages, sgx_enclave_add_pages);
SAME(hw_add_pages, src, sgx_enclave_add_pages, src);
SAME(hw_add_pages, offset, sgx_enclave_add_pages, offset);
SAME(hw_add_pages, length, sgx_enclave_add_pages, length);
SAME(hw_add_pages, secinfo, sgx_enclave_add_pages, secinfo);
SAME(hw_add_pages, flags, sgx_enclave_add_pages, flags);
SAME(hw_add_pages, count, sgx_enclave_add_pages, count);
SAME_NUMBER(HW_ADD_MEASURE, SGX_PAGE_MEASURE);

SAME_SIZE(hw_init, sgx_enclave_init);
SAME(hw_init, sigstruct, sgx_enclave_init, sigstruct);

SAME_SIZE(hw_restrict, sgx_enclave_restrict_permissions);
SAME(hw_restrict, offset, sgx_enclave_restrict_permissions, offset);
SAME(hw_restrict, length, sgx_enclave_restrict_permissions, length);
SAME(hw_restrict, permissions, sgx_enclave_restrict_permissions, permissions);
SAME(hw_restrict, result, sgx_enclave_restrict_permissions, result);
SAME(hw_restrict, count, sgx_enclave_restrict_permissions, count);

SAME_SIZE(hw_modify, sgx_enclave_modify_types);
SAME(hw_modify, offset, sgx_enclave_modify_types, offset);
SAME(hw_modify, length, sgx_enclave_modify_types, length);
SAME(hw_modify, page_type, sgx_enclave_modify_types, page_type);
SAME(hw_modify, result, sgx_enclave_modify_types, result);
SAME(hw_modify, count, sgx_enclave_modify_types, count);

SAME_SIZE(hw_remove, sgx_enclave_remove_pages);
SAME(hw_remove, offset, sgx_enclave_remove_pages, offset);
SAME(hw_remove, length, sgx_enclave_remove_pages, length);
SAME(hw_remove, count, sgx_enclave_remove_pages, count);

SAME_NUMBER(HW_IOC_CREATE, SGX_IOC_ENCLAVE_CREATE);
SAME_NUMBER(HW_IOC_ADD_PAGES, SGX_IOC_ENCLAVE_ADD_PAGES);
SAME_NUMBER(HW_IOC_INIT, SGX_IOC_ENCLAVE_INIT);
SAME_NUMBER(HW_IOC_RESTRICT, SGX_IOC_ENCLAVE_RESTRICT_PERMISSIONS);
SAME_NUMBER(HW_IOC_MODIFY, SGX_IOC_ENCLAVE_MODIFY_TYPES);
SAME_NUMBER(HW_IOC_REMOVE, SGX_IOC_ENCLAVE_REMOVE_PAGES);

SAME_SIZE(hw_run, sgx_enclave_run);
SAME(hw_run, tcs, sgx_enclave_run, tcs);
SAME(hw_run, function, sgx_enclave_run, function);
SAME(hw_run, vector, sgx_enclave_run, exception_vector);
SAME(hw_run, error_code, sgx_enclave_run, exception_error_code);
SAME(hw_run, address, sgx_enclave_run, exception_addr);
SAME(hw_run, handler, sgx_enclave_run, user_handler);
SAME(hw_run, handler_data, sgx_enclave_run, user_data);
SAME(hw_run, reserved, sgx_enclave_run, reserved);

/* hw.S */
_Static_assert(offsetof(struct hw_call, rdi) == 0 && offsetof(struct hw_call, rsi) == 8 &&
                   offsetof(struct hw_call, r8) == 16 && offsetof(struct hw_call, function) == 24 &&
                   offsetof(struct hw_call, run) == 32,
               "hw.S");

int64_t hw_vdso_call(struct hw_call *call, uint64_t function);

/* Stands in for __vdso_sgx_enter_enclave(), with its frame: RBX and RBP saved, the run structure at
 * 16(%rbp). The enclave in it answers RDI = what it got + 1, RSI = the function, wipes every other
 * register as ours does, and leaves the direction flag set. */
__asm__(".text\n"
        "fake_vdso_enter:\n"
        "    pushq %rbp\n"
        "    movq %rsp, %rbp\n"
        "    pushq %rbx\n"
        "    testq $15, %rbp\n"
        "    jnz 2f\n"
        "    movq 16(%rbp), %rbx\n"
        "    movl %ecx, 8(%rbx)\n"
        "    movl $-22, %eax\n"
        "    cmpl $2, %ecx\n"
        "    jb 1f\n"
        "    cmpl $3, %ecx\n"
        "    ja 1f\n"
        "    movl $4, 8(%rbx)\n"
        "    movq %rdx, 24(%rbx)\n"
        "    incq %rdi\n"
        "    addq %r8, %rsi\n"
        "    xorl %ecx, %ecx\n"
        "    xorl %edx, %edx\n"
        "    xorl %r8d, %r8d\n"
        "    xorl %r9d, %r9d\n"
        "    xorl %r10d, %r10d\n"
        "    xorl %r11d, %r11d\n"
        "    xorl %r12d, %r12d\n"
        "    xorl %r13d, %r13d\n"
        "    xorl %r14d, %r14d\n"
        "    xorl %r15d, %r15d\n"
        "    xorl %eax, %eax\n"
        "    std\n"
        "1:  popq %rbx\n"
        "    leave\n"
        "    retq\n"
        "2:  ud2\n");
extern const uint8_t fake_vdso_enter[];

static int64_t call_fake(struct hw_call *call) {
    return hw_vdso_call(call, (uint64_t)(uintptr_t)fake_vdso_enter);
}

static void registers_go_in_and_come_out(void **state) {
    struct hw_call call = {.rdi = 41, .rsi = 5, .r8 = 1000, .function = SGX_EENTER};

    call.run.handler = 7; /* overwritten with RDX, which must be 0 */
    assert_int_equal(call_fake(&call), 0);
    assert_int_equal(call.rdi, 42);
    assert_int_equal(call.rsi, 1005);
    assert_int_equal(call.r8, 0);
    assert_int_equal(call.run.function, SGX_EEXIT);
    assert_int_equal(call.run.handler, 0);
}

static void negative_answer_is_one(void **state) {
    struct hw_call call = {.r8 = 77, .function = 9};

    assert_int_equal(call_fake(&call), -EINVAL);
    assert_int_equal(call.run.function, 9);
    assert_int_equal(call.r8, 77);
}

/* Callee-saved registers and the direction flag are as before, though the enclave wiped them. */
static void what_c_relies_on_is_kept(void **state) {
    struct hw_call call = {.function = SGX_ERESUME};
    uint64_t rdi = (uint64_t)(uintptr_t)&call, rsi = (uint64_t)(uintptr_t)fake_vdso_enter;
    uint64_t wrong, flags;

    __asm__ volatile("leaq -256(%%rsp), %%rsp\n\t" /* spares the red zone */
                     "movq $11, %%rbx\n\tmovq $12, %%r12\n\tmovq $13, %%r13\n\t"
                     "movq $14, %%r14\n\tmovq $15, %%r15\n\t"
                     "pushq %%rbp\n\tmovq %%rsp, %%rbp\n\tandq $-16, %%rsp\n\t"
                     "callq hw_vdso_call\n\t"
                     "movq %%rbp, %%rsp\n\tpopq %%rbp\n\t"
                     "pushfq\n\tpopq %%rdx\n\t"
                     "leaq 256(%%rsp), %%rsp\n\t"
                     "xorq $11, %%rbx\n\txorq $12, %%r12\n\txorq $13, %%r13\n\t"
                     "xorq $14, %%r14\n\txorq $15, %%r15\n\t"
                     "orq %%r12, %%rbx\n\torq %%r13, %%rbx\n\torq %%r14, %%rbx\n\t"
                     "orq %%r15, %%rbx\n\tmovq %%rbx, %%rax"
                     : "=a"(wrong), "=d"(flags), "+D"(rdi), "+S"(rsi)
                     :
                     : "rbx", "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc",
                       "memory");
    assert_int_equal(wrong, 0);
    assert_int_equal(flags & 0x400, 0);
    assert_int_equal(call.run.function, SGX_EEXIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_go_in_and_come_out),
        cmocka_unit_test(negative_answer_is_one),
        cmocka_unit_test(what_c_relies_on_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
