/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Syscall User Dispatch turns every `syscall` outside the host's address range into SIGSYS, behind
 * the instruction; the CPU raises #UD at it. Fault signals carry the vector and error code the CPU
 * gave. Everything else is told by nobody to the enclave.
 */
#include "host/run/context.h"

#include "abi/image/layout.h"
#include "host/run/say.h"
#include "host/run/sys.h"

#define SA_SIGINFO  4u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK  0x08000000u
#define SA_RESTART  0x10000000u
#define SA_NODEFER  0x40000000u

/* A kick waits while an exception is being delivered. */
#define KICK_MASK (1ull << (SIGALRM - 1))

#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON           1
#define SYS_USER_DISPATCH_CODE       2
#define ADDRESS_SPACE_END            (1ull << 47)

struct kernel_sigaction {
    signal_handler handler;
    uint64_t flags;
    void (*restorer)(void);
    uint64_t mask;
};

struct kernel_stack {
    void *sp;
    uint64_t flags, size;
};

void signal_restorer(void);

static uint8_t g_signal_stack[64 << 10] ALIGNED(64);
void context_save(struct sgx_gpr *frame, const struct ucontext *uc) {
    frame->rax = uc->rax, frame->rcx = uc->rcx, frame->rdx = uc->rdx, frame->rbx = uc->rbx;
    frame->rsp = uc->rsp, frame->rbp = uc->rbp, frame->rsi = uc->rsi, frame->rdi = uc->rdi;
    frame->r8 = uc->r8, frame->r9 = uc->r9, frame->r10 = uc->r10, frame->r11 = uc->r11;
    frame->r12 = uc->r12, frame->r13 = uc->r13, frame->r14 = uc->r14, frame->r15 = uc->r15;
    frame->rflags = uc->eflags, frame->rip = uc->rip;
    __asm__ volatile("rdfsbase %0" : "=r"(frame->fsbase));
}

void context_load(struct ucontext *uc, const struct sgx_gpr *frame) {
    uc->rax = frame->rax, uc->rcx = frame->rcx, uc->rdx = frame->rdx, uc->rbx = frame->rbx;
    uc->rsp = frame->rsp, uc->rbp = frame->rbp, uc->rsi = frame->rsi, uc->rdi = frame->rdi;
    uc->r8 = frame->r8, uc->r9 = frame->r9, uc->r10 = frame->r10, uc->r11 = frame->r11;
    uc->r12 = frame->r12, uc->r13 = frame->r13, uc->r14 = frame->r14, uc->r15 = frame->r15;
    uc->eflags = frame->rflags, uc->rip = frame->rip;
}

/* EXITINFO: valid only for the vectors the SDM lists; anything else is an interrupt. */
static uint32_t exit_info(uint64_t vector) {
    switch (vector) {
    case SGX_VEC_BP:
        return SGX_EXITINFO_VALID | SGX_EXITINFO_TYPE_SW | (uint32_t)vector;
    case SGX_VEC_DE:
    case SGX_VEC_DB:
    case SGX_VEC_BR:
    case SGX_VEC_UD:
    case SGX_VEC_GP:
    case SGX_VEC_PF:
    case SGX_VEC_MF:
    case SGX_VEC_AC:
    case SGX_VEC_XM:
    case SGX_VEC_CP:
        return SGX_EXITINFO_VALID | SGX_EXITINFO_TYPE_HW | (uint32_t)vector;
    default:
        return 0;
    }
}

void context_describe(struct sgx_gpr *frame, const struct siginfo *info,
                      const struct ucontext *uc) {
    struct sgx_exinfo *ex = (struct sgx_exinfo *)((uintptr_t)frame - sizeof(*ex));

    *ex = (struct sgx_exinfo){0};
    frame->exitinfo = 0;
    if (info->signo == SIGSYS && info->code == SYS_USER_DISPATCH_CODE) {
        frame->rip -= 2; /* on hardware the exception is at the instruction, not behind it */
        frame->exitinfo = exit_info(SGX_VEC_UD);
    } else if (info->code > 0 &&
               info->signo != SIGALRM) { /* raised by the CPU, not sent by somebody */
        frame->exitinfo = exit_info(uc->trapno);
        if (uc->trapno == SGX_VEC_PF || uc->trapno == SGX_VEC_GP)
            *ex = (struct sgx_exinfo){.maddr = uc->trapno == SGX_VEC_PF ? uc->cr2 : 0,
                                      .errcd = (uint32_t)uc->err};
    }
}

static void handle(int signo, const struct kernel_sigaction *action) {
    if (sys_call6(SYS_rt_sigaction, (uint64_t)signo, PTR(action), 0, 8, 0, 0) != 0)
        die(EXIT_REFUSED, "cannot handle signal %d", signo);
}

void context_catch_exceptions(signal_handler handler) {
    static const int signals[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    struct kernel_stack stack = {.sp = g_signal_stack, .size = sizeof(g_signal_stack)};
    struct kernel_sigaction action = {.handler = handler,
                                      .flags = SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_NODEFER,
                                      .restorer = signal_restorer,
                                      .mask = KICK_MASK};
    struct kernel_sigaction ignore = {.handler = (signal_handler)(uintptr_t)1};

    sys_call3(SYS_sigaltstack, PTR(&stack), 0, 0);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        handle(signals[i], &action);
    handle(SIGPIPE, &ignore); /* a write to a closed pipe becomes EPIPE; SIGPIPE is the LibOS's */
}

void context_catch(signal_handler handler) {
    struct kernel_sigaction kick = {.handler = handler,
                                    .flags = SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_RESTART,
                                    .restorer = signal_restorer,
                                    .mask = KICK_MASK};

    context_catch_exceptions(handler);
    handle(SIGALRM, &kick);
    if (sys_call6(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, ELRANGE_SIZE,
                  ADDRESS_SPACE_END - ELRANGE_SIZE, 0, 0) != 0)
        die(EXIT_REFUSED, "this kernel has no Syscall User Dispatch (Linux 5.11 or newer is needed "
                          "for SIM mode)");
}
