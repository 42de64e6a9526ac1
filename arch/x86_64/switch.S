/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From one kernel stack to another. What a C function must preserve is pushed, the program's vector
 * registers are saved above it, and the stack pointer is all that is kept of a task that does not
 * run. FS is not switched: the kernel does not use it, and user_resume() loads it.
 */
#include "arch/x86_64/xsave.h"

    .text

/* Leaves %rsp at a frame that stack_switch() understands; clobbers rax and rdx. */
.macro save_task
    pushq %rbp
    movq %rsp, %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $XSAVE_SIZE, %rsp
    andq $-64, %rsp
    xorl %eax, %eax
    movq %rax, 512(%rsp)
    movq %rax, 520(%rsp)
    movq %rax, 528(%rsp)
    movq %rax, 536(%rsp)
    movq %rax, 544(%rsp)
    movq %rax, 552(%rsp)
    movq %rax, 560(%rsp)
    movq %rax, 568(%rsp)
    movl $XSAVE_MASK, %eax
    xorl %edx, %edx
    xsave64 (%rsp)
    pushq %rbp
    movq %rsp, (%rdi)
.endm

/* void stack_switch(uint64_t *rdi save_sp, uint64_t rsi sp): returns when somebody switches back */
    .globl stack_switch
    .type stack_switch, @function
stack_switch:
    endbr64
    save_task
    movq %rsi, %rsp
    popq %rbp
    movl $XSAVE_MASK, %eax
    xorl %edx, %edx
    xrstor64 (%rsp)
    lfence
    leaq -40(%rbp), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    retq

/* void stack_switch_fresh(uint64_t *rdi save_sp, uint64_t rsi top): to a task that never ran; it
 * starts in task_first_run() on an empty stack, with clean vector state */
    .globl stack_switch_fresh
    .type stack_switch_fresh, @function
stack_switch_fresh:
    endbr64
    save_task
    movq %rsi, %rsp
    xorl %ebp, %ebp
    callq vector_reset
    callq task_first_run
    ud2

    .section .note.GNU-stack, "", @progbits
