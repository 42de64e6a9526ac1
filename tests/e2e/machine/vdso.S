/* SPDX-License-Identifier: BSD-3-Clause
 *
 * int fake_vdso_enter(rdi, rsi, rdx, ecx function, r8, r9, stack: struct hw_run *)
 *
 * Written from the description of __vdso_sgx_enter_enclave: RBX, RBP and RSP are kept, RBP finds
 * the run structure again, one ENCLU is entry and asynchronous exit pointer.
 */
    .text
    .globl fake_vdso_enter, fake_vdso_enclu, fake_vdso_exception
fake_vdso_enter:
    pushq %rbp
    movq %rsp, %rbp
    pushq %rbx
    movl %ecx, %eax
    movq 16(%rbp), %rbx
    movq 0(%rbx), %rbx
    leaq fake_vdso_enclu(%rip), %rcx
fake_vdso_enclu:
    .byte 0x0f, 0x01, 0xd7
    movq 16(%rbp), %rbx
    movl $4, 8(%rbx)
1:  xorl %eax, %eax
    popq %rbx
    leave
    retq

fake_vdso_exception:
    movq 16(%rbp), %rbx
    movl %eax, 8(%rbx)
    movw %di, 12(%rbx)
    movw %si, 14(%rbx)
    movq %rdx, 16(%rbx)
    jmp 1b

    .section .note.GNU-stack, "", @progbits
