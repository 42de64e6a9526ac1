/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The signal context of Linux on x86-64 and its translation to and from the CPU's SSA frame: what
 * an asynchronous exit saves and ERESUME restores. Shared by SIM and EMU.
 */
#ifndef HOST_RUN_CONTEXT_H
#define HOST_RUN_CONTEXT_H

#include "abi/sgx/arch.h"
#include "base/compiler.h"

#define SIGILL  4
#define SIGTRAP 5
#define SIGBUS  7
#define SIGFPE  8
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGALRM 14
#define SIGSYS  31

struct siginfo {
    int32_t signo, error, code;
};

struct ucontext {
    uint64_t flags, link, stack[3];
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
    uint64_t segments, err, trapno, oldmask, cr2;
    uint8_t *fpstate; /* XSAVE area in standard form */
};

typedef void (*signal_handler)(int, struct siginfo *, struct ucontext *);

/* General registers and FS base; the caller adds ursp, urbp, exitinfo. */
void context_save(struct sgx_gpr *frame, const struct ucontext *uc);
void context_load(struct ucontext *uc, const struct sgx_gpr *frame);
/* EXITINFO and EXINFO (which lies below the frame) of what raised the signal; adjusts RIP where the
 * CPU would have another one. A signal that somebody sent is an interrupt: EXITINFO is not valid.
 */
void context_describe(struct sgx_gpr *frame, const struct siginfo *info, const struct ucontext *uc);

/* Installs `handler` for every signal that an exception can become, on an alternate stack. */
void context_catch_exceptions(signal_handler handler);
/* The same, and turns `syscall` instructions below the end of ELRANGE into SIGSYS for this thread;
 * on hardware they fault by themselves. */
void context_catch(signal_handler handler);

#endif
