/* SPDX-License-Identifier: BSD-3-Clause
 *
 * size_t usercopy(void *rdi, const void *rsi, size_t rdx): copies and returns the bytes left, 0
 * unless a page of the program was missing. A fault at the marked instruction is sent to the fix-up
 * by exception_decide(); RCX is then what is left.
 */
    .text
    .globl usercopy
    .type usercopy, @function
usercopy:
    endbr64
    movq %rdx, %rcx
1:  rep movsb
2:  movq %rcx, %rax
    retq

/* size_t userzero(void *rdi, size_t rsi) */
    .globl userzero
    .type userzero, @function
userzero:
    endbr64
    movq %rsi, %rcx
    xorl %eax, %eax
3:  rep stosb
4:  movq %rcx, %rax
    retq

    .section extable, "a"
    .balign 8
    .quad 1b, 2b
    .quad 3b, 4b

    .section .note.GNU-stack, "", @progbits
