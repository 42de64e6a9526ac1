/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every instruction that runs with registers the host chose. The picture:
 *
 *   EENTER, CSSA = 0, no call pending   -> enclave_start(start block) on the boot stack, once a TCS
 *   EENTER, CSSA = 0, call pending      -> back into enclave_exit(), on the stack it saved
 *   EENTER, CSSA = 1                    -> exception_decide(SSA[0]) on the exception stack, EEXIT
 *   anything else                       -> stop for good
 *
 * From the host only RAX (set by the CPU: CSSA), RBX (TCS, checked by the CPU), RCX (where to leave
 * to: outside the enclave the CPU cannot touch it, so it needs no check) and, at the first entry,
 * RDI are used. Numbers in brackets are rows of the hardening table in THREATS.md.
 */
#include "abi/host/area.h"
#include "abi/image/layout.h"
#include "arch/x86_64/vcpu.h"
#include "arch/x86_64/xsave.h"

#define ENCLU     .byte 0x0f, 0x01, 0xd7
#define EEXIT     4
#define EACCEPT   5
#define EMODPE    6
#define GPR_URSP  144
#define GPR_URBP  152

    .text

/* All ENCLU instructions of the enclave lie within ENTRY_TEXT_SIZE bytes from enclave_entry on, each
 * right behind a `mov $leaf, %eax`: after measuring, the SIM back end turns EEXIT into
 * `jmp *%rbx; nop` and the others into `xor %eax, %eax; nop`; the EMU one lets them trap. */
.macro enclu_eexit
    ENCLU
.endm

.macro zero_scratch
    xorl %ebp, %ebp
    xorl %r8d, %r8d
    xorl %r9d, %r9d
    xorl %r10d, %r10d
    xorl %r12d, %r12d
    xorl %r13d, %r13d
    xorl %r14d, %r14d
    xorl %r15d, %r15d
    subq %r11, %r11
.endm

.macro clean_flags
    pushq $2
    popfq
.endm

    .globl enclave_entry
    .type enclave_entry, @function
enclave_entry:
    endbr64
    cld                                  /* [1] */
    testq %rax, %rax                     /* CSSA */
    jnz exception_entry
    lfence                               /* [10] */
    cmpq $0, %gs:VCPU_CALL_SP
    jne return_from_host
    lfence
    cmpq $0, %gs:VCPU_STARTED
    jne stop                             /* [40] one start per TCS */
    movq $1, %gs:VCPU_STARTED
    movq %rcx, %gs:VCPU_EXIT_TARGET
    movq %gs:VCPU_BOOT_SP, %rsp          /* [4] */
    clean_flags                          /* [2] */
    callq vector_reset                   /* [8] [9]; uses rax, rdx */
    zero_scratch                         /* [3] */
    xorl %eax, %eax
    xorl %ebx, %ebx
    xorl %ecx, %ecx
    xorl %edx, %edx
    xorl %esi, %esi
    callq enclave_start
    ud2

stop:                                    /* [37] never a clean answer to a bad entry */
    lfence
    jmp stop

/* void enclave_exit(rdi code, rsi value) */
    .globl enclave_exit
    .type enclave_exit, @function
enclave_exit:
    endbr64
    pushq %rbp
    movq %rsp, %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    rdfsbase %rax
    pushq %rax
    subq $XSAVE_SIZE, %rsp
    andq $-64, %rsp
    leaq 512(%rsp), %rdx                 /* XSAVE header: must be zero before the first save */
    xorl %eax, %eax
    movq %rax, (%rdx)
    movq %rax, 8(%rdx)
    movq %rax, 16(%rdx)
    movq %rax, 24(%rdx)
    movq %rax, 32(%rdx)
    movq %rax, 40(%rdx)
    movq %rax, 48(%rdx)
    movq %rax, 56(%rdx)
    movl $XSAVE_MASK, %eax
    xorl %edx, %edx
    xsave64 (%rsp)
    xrstor64 vector_clean(%rip)          /* [11]: nothing of the program's leaves in registers */
    pushq %rbp                           /* finds the frame again on the way back */
    movq %rsp, %gs:VCPU_CALL_SP          /* commit: from here the next entry returns here */
leave:                                   /* rdi, rsi set; everything else is wiped */
    movq %gs:VCPU_SSA_GPR0, %rdx
leave_frame:
    movq GPR_URSP(%rdx), %rsp
    movq GPR_URBP(%rdx), %rax
    movq %gs:VCPU_EXIT_TARGET, %rbx
    zero_scratch
    movq %rax, %rbp
    xorl %ecx, %ecx
    xorl %edx, %edx
    movl $EEXIT, %eax
    enclu_eexit

return_from_host:
    lfence
    movq %rcx, %gs:VCPU_EXIT_TARGET
    movq %gs:VCPU_CALL_SP, %rsp
    movq $0, %gs:VCPU_CALL_SP
    clean_flags
    popq %rbp
    movl $XSAVE_MASK, %eax
    xorl %edx, %edx
    xrstor64 (%rsp)
    lfence                               /* [9] */
    leaq -48(%rbp), %rsp
    popq %rax
    wrfsbase %rax
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    xorl %ecx, %ecx
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %r8d, %r8d
    xorl %r9d, %r9d
    xorl %r10d, %r10d
    subq %r11, %r11
    retq

/* An exception happened in the enclave and the host delivers it. The frame in SSA[0] is the CPU's;
 * what the host says about it is not even looked at. */
exception_entry:
    cmpq $1, %rax                        /* [5] */
    jne stop
    lfence
    movq %gs:VCPU_EXC_SP, %rsp
    pushq %rcx
    subq $8, %rsp
    clean_flags
    movq %gs:VCPU_SSA_GPR0, %rdi
    zero_scratch
    callq exception_decide
    movq 8(%rsp), %rbx
    movl $HOST_EXIT_EXC, %edi
    xorl %esi, %esi
    movq %gs:VCPU_SSA_GPR1, %rdx
    movq GPR_URSP(%rdx), %rsp
    movq GPR_URBP(%rdx), %rax
    zero_scratch
    movq %rax, %rbp
    xorl %ecx, %ecx
    xorl %edx, %edx
    movl $EEXIT, %eax
    enclu_eexit

/* uint64_t enclu_eaccept(const struct sgx_secinfo *rdi, uint64_t rsi page): 0 or an SGX error code */
    .globl enclu_eaccept
    .type enclu_eaccept, @function
enclu_eaccept:
    endbr64
    pushq %rbx
    movq %rdi, %rbx
    movq %rsi, %rcx
    movl $EACCEPT, %eax
    ENCLU
    popq %rbx
    retq

/* void enclu_emodpe(const struct sgx_secinfo *rdi, uint64_t rsi page) */
    .globl enclu_emodpe
    .type enclu_emodpe, @function
enclu_emodpe:
    endbr64
    pushq %rbx
    movq %rdi, %rbx
    movq %rsi, %rcx
    movl $EMODPE, %eax
    ENCLU
    popq %rbx
    retq

    .org enclave_entry + ENTRY_TEXT_SIZE, 0xcc /* an error if the above is longer */

/* exception_decide() sends interrupted user code here, on the task's kernel stack. */
    .globl user_trap_entry
    .type user_trap_entry, @function
user_trap_entry:
    endbr64
    cld
    andq $-16, %rsp
    xorl %ebp, %ebp
    callq user_trap
    ud2

/* ... and a fault of the kernel itself here, on the boot stack. */
    .globl kernel_crash_entry
    .type kernel_crash_entry, @function
kernel_crash_entry:
    endbr64
    cld
    andq $-16, %rsp
    xorl %ebp, %ebp
    callq kernel_crash
    ud2

/* The registers of struct regs at rdi that both ways back to the program load alike. */
.macro load_plain
    movq 16(%rdi), %rdx
    movq 24(%rdi), %rbx
    movq 40(%rdi), %rbp
    movq 48(%rdi), %rsi
    movq 64(%rdi), %r8
    movq 72(%rdi), %r9
    movq 80(%rdi), %r10
    movq 88(%rdi), %r11
    movq 96(%rdi), %r12
    movq 104(%rdi), %r13
    movq 112(%rdi), %r14
    movq 120(%rdi), %r15
.endm

/* void user_resume(const struct regs *rdi): offsets of regs.h */
    .globl user_resume
    .type user_resume, @function
user_resume:
    endbr64
    movq $1, %gs:VCPU_IN_USER
    movq 144(%rdi), %rax
    wrfsbase %rax
    pushq 128(%rdi)
    popfq
    movq 0(%rdi), %rax
    load_plain
    movq 136(%rdi), %rcx
    movq 32(%rdi), %rsp
    movq 56(%rdi), %rdi
    jmpq *%rcx

/* void user_resume_all(const struct regs *rdi): every register as it was, RCX and R11 too. RFLAGS and
 * RIP stand at 144 and 136 bytes below the program's stack pointer, under its red zone. */
    .globl user_resume_all
    .type user_resume_all, @function
user_resume_all:
    endbr64
    movq 144(%rdi), %rax
    wrfsbase %rax
    movq $1, %gs:VCPU_IN_USER
    movq 0(%rdi), %rax
    movq 8(%rdi), %rcx
    load_plain
    movq 32(%rdi), %rsp
    leaq -144(%rsp), %rsp
    movq 56(%rdi), %rdi
    popfq
    ret $128

    .globl vector_reset
    .type vector_reset, @function
vector_reset:
    endbr64
    movl $XSAVE_MASK, %eax
    xorl %edx, %edx
    xrstor64 vector_clean(%rip)
    lfence
    retq

    .section .rodata
    .balign 64
vector_clean: /* an XSAVE image with nothing in it: every component takes its initial value */
    .short 0x037f /* FCW */
    .zero 22
    .long 0x1f80  /* MXCSR */
    .long 0
    .zero 480
    .zero 64      /* header: XSTATE_BV = 0 */

/* vCPU blocks: GS of each TCS points at one. Static, so they are measured. */
    .section .data
    .balign 64
    .globl vcpu_table
vcpu_table:
    .set index, 0
    .rept TCS_COUNT
    .set slot, VCPU_BASE + index * VCPU_STRIDE
    .quad vcpu_table + index * VCPU_BLOCK_SIZE
    .quad slot + VCPU_BOOT_STACK + BOOT_STACK_SIZE
    .quad slot + VCPU_EXC_STACK + EXC_STACK_SIZE
    .quad slot + VCPU_SSA + SSA_FRAME_SIZE - 184
    .quad slot + VCPU_SSA + 2 * SSA_FRAME_SIZE - 184
    .quad 0, 0, 0, 0, 0, 0, 0
    .quad index
    .zero 24
    .set index, index + 1
    .endr

    .section .rodata
    .globl vcpu_stride
    .balign 8
vcpu_stride:
    .quad VCPU_BLOCK_SIZE

    .section .note.GNU-stack, "", @progbits
