/* SPDX-License-Identifier: BSD-3-Clause
 *
 * int64_t hw_vdso_call(rdi struct hw_call *, rsi address of __vdso_sgx_enter_enclave)
 *
 * The function keeps RBX, RBP and RSP only: the enclave returns with every other register wiped.
 * Offsets are those of struct hw_call (tests/unit/hw_abi.c).
 */
    .text
    .globl hw_vdso_call
hw_vdso_call:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdi
    subq $8, %rsp
    movq %rdi, %r10
    movq %rsi, %r11
    leaq 32(%r10), %rax
    pushq %rax               /* the seventh argument: run */
    movq 0(%r10), %rdi
    movq 8(%r10), %rsi
    xorl %edx, %edx
    movl 24(%r10), %ecx
    movq 16(%r10), %r8
    xorl %r9d, %r9d
    cld
    callq *%r11
    cld
    movslq %eax, %rax
    addq $16, %rsp
    popq %rcx
    movq %rdi, 0(%rcx)
    movq %rsi, 8(%rcx)
    movq %r8, 16(%rcx)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    retq

    .section .note.GNU-stack, "", @progbits
