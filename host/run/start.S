/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The launcher's first instruction, its signal return, and the SIM back end's EENTER.
 */
    .text
    .globl _start
_start:
    xorl %ebp, %ebp
    movq %rsp, %rdi
    andq $-16, %rsp
    callq launch_main
    ud2

    .globl signal_restorer
signal_restorer:
    movl $15, %eax /* rt_sigreturn */
    syscall
    ud2

/* struct enclave_exit sim_eenter(rdi tcs, rsi cssa, rdx rdi_arg, rcx GPR area of SSA[cssa])
 *
 * What EENTER does that the enclave can see: host RSP and RBP into the SSA frame, GS from the TCS,
 * RAX = CSSA, RBX = TCS, RCX = where to come back to, jump to OENTRY. EEXIT comes back to 1 with
 * RSP and RBP restored by the enclave. */
    .globl sim_eenter
sim_eenter:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, 144(%rcx)
    movq %rbp, 152(%rcx)
    movq 56(%rdi), %rax
    wrgsbase %rax
    movq %rdi, %rbx
    movq %rsi, %rax
    movq 32(%rbx), %r11
    movq %rdx, %rdi
    xorl %esi, %esi
    leaq 1f(%rip), %rcx
    jmpq *%r11
1:  movq %rdi, %rax
    movq %rsi, %rdx
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    retq

    .section .note.GNU-stack, "", @progbits
