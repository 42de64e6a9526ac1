/* SPDX-License-Identifier: BSD-3-Clause
 *
 * EMU's two ENCLU instructions of the host side, as a launcher on hardware has them.
 *
 * struct enclave_exit emu_eenter(rdi tcs, rsi value for RDI inside)
 */
    .text
    .globl emu_eenter
emu_eenter:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rdi, %rbx
    movq %rsi, %rdi
    leaq emu_aep(%rip), %rcx
    movl $2, %eax
    .globl emu_eenter_insn
emu_eenter_insn:
    .byte 0x0f, 0x01, 0xd7
    movq %rdi, %rax /* EEXIT comes here */
    movq %rsi, %rdx
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    retq

/* The asynchronous exit pointer: RAX = ERESUME, RBX = TCS, RCX = AEP are the CPU's doing. */
    .globl emu_aep
emu_aep:
    .byte 0x0f, 0x01, 0xd7
    ud2

    .section .note.GNU-stack, "", @progbits
