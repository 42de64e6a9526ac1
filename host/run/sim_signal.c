/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Exceptions in SIM. Syscall User Dispatch turns every `syscall` outside the host's address range
 * into SIGSYS; it and the fault signals become what the CPU does at an asynchronous exit: the
 * registers go into SSA[0] with vector and error code, then the enclave is entered with CSSA = 1
 * and decides. When it leaves, the frame, which it may have rewritten, goes back into the signal
 * context: that is ERESUME.
 */
#include "abi/image/layout.h"
#include "host/run/say.h"
#include "host/run/sim.h"
#include "host/run/sys.h"

#define SIGILL  4
#define SIGTRAP 5
#define SIGBUS  7
#define SIGFPE  8
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGSYS  31

#define SA_SIGINFO  4u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK  0x08000000u
#define SA_NODEFER  0x40000000u

#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON           1
#define SYS_USER_DISPATCH_CODE       2
#define ADDRESS_SPACE_END            (1ull << 47)

/* struct siginfo and struct ucontext as the kernel lays them out (x86-64). */
struct siginfo {
    int32_t signo, error, code;
};

struct ucontext {
    uint64_t flags, link, stack[3];
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
    uint64_t segments, err, trapno, oldmask, cr2;
};

struct kernel_sigaction {
    void (*handler)(int, struct siginfo *, struct ucontext *);
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
static struct sgx_tcs *g_tcs;

static void save_frame(struct sgx_gpr *g, const struct ucontext *uc) {
    g->rax = uc->rax, g->rcx = uc->rcx, g->rdx = uc->rdx, g->rbx = uc->rbx;
    g->rsp = uc->rsp, g->rbp = uc->rbp, g->rsi = uc->rsi, g->rdi = uc->rdi;
    g->r8 = uc->r8, g->r9 = uc->r9, g->r10 = uc->r10, g->r11 = uc->r11;
    g->r12 = uc->r12, g->r13 = uc->r13, g->r14 = uc->r14, g->r15 = uc->r15;
    g->rflags = uc->eflags, g->rip = uc->rip;
    __asm__ volatile("rdfsbase %0" : "=r"(g->fsbase));
}

static void load_frame(struct ucontext *uc, const struct sgx_gpr *g) {
    uc->rax = g->rax, uc->rcx = g->rcx, uc->rdx = g->rdx, uc->rbx = g->rbx;
    uc->rsp = g->rsp, uc->rbp = g->rbp, uc->rsi = g->rsi, uc->rdi = g->rdi;
    uc->r8 = g->r8, uc->r9 = g->r9, uc->r10 = g->r10, uc->r11 = g->r11;
    uc->r12 = g->r12, uc->r13 = g->r13, uc->r14 = g->r14, uc->r15 = g->r15;
    uc->eflags = g->rflags, uc->rip = g->rip;
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

static void describe(struct sgx_gpr *g, const struct siginfo *info, const struct ucontext *uc) {
    struct sgx_exinfo *ex = (struct sgx_exinfo *)((uintptr_t)g - sizeof(*ex));

    *ex = (struct sgx_exinfo){0};
    g->exitinfo = 0;
    if (info->signo == SIGSYS && info->code == SYS_USER_DISPATCH_CODE) {
        g->rip -= 2; /* on hardware the exception is at the instruction, not behind it */
        g->exitinfo = exit_info(SGX_VEC_UD);
    } else if (info->code > 0) { /* raised by the CPU, not sent by somebody */
        g->exitinfo = exit_info(uc->trapno);
        if (uc->trapno == SGX_VEC_PF || uc->trapno == SGX_VEC_GP)
            *ex = (struct sgx_exinfo){.maddr = uc->trapno == SGX_VEC_PF ? uc->cr2 : 0,
                                      .errcd = (uint32_t)uc->err};
    }
}

static void on_signal(int signo, struct siginfo *info, struct ucontext *uc) {
    if (uc->rip >= ELRANGE_SIZE)
        die(EXIT_CRASH, "the launcher itself stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    if (g_tcs->cssa != 0)
        die(EXIT_CRASH, "the enclave's exception handler stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    struct sgx_gpr *frame = sim_ssa_gpr(g_tcs, 0);
    save_frame(frame, uc);
    describe(frame, info, uc);
    g_tcs->cssa = 1;
    sim_eenter(g_tcs, 1, 0, sim_ssa_gpr(g_tcs, 1));
    g_tcs->cssa = 0;
    load_frame(uc, frame);
}

static void handle(int signo, const struct kernel_sigaction *action) {
    if (sys_call6(SYS_rt_sigaction, (uint64_t)signo, PTR(action), 0, 8, 0, 0) != 0)
        die(EXIT_REFUSED, "cannot handle signal %d", signo);
}

void sim_signals_start(struct sgx_tcs *tcs) {
    static const int signals[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    struct kernel_stack stack = {.sp = g_signal_stack, .size = sizeof(g_signal_stack)};
    struct kernel_sigaction action = {.handler = on_signal,
                                      .flags = SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_NODEFER,
                                      .restorer = signal_restorer};
    struct kernel_sigaction ignore = {
        .handler = (void (*)(int, struct siginfo *, struct ucontext *))(uintptr_t)1};

    g_tcs = tcs;
    sys_call3(SYS_sigaltstack, PTR(&stack), 0, 0);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        handle(signals[i], &action);
    handle(SIGPIPE, &ignore); /* a write to a closed pipe becomes EPIPE; SIGPIPE is the LibOS's */
    if (sys_call6(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, ELRANGE_SIZE,
                  ADDRESS_SPACE_END - ELRANGE_SIZE, 0, 0) != 0)
        die(EXIT_REFUSED, "this kernel has no Syscall User Dispatch (Linux 5.11 or newer is needed "
                          "for SIM mode)");
}
