/* SPDX-License-Identifier: BSD-3-Clause
 *
 * EXITINFO, which the CPU wrote, is believed; the host's opinion of what happened is not even
 * passed in. An exit without valid EXITINFO was an interrupt and changes nothing.
 */
#include "enclave/signal/exception.h"

#include "abi/host/area.h"
#include "abi/image/layout.h"
#include "arch/x86_64/exit.h"
#include "arch/x86_64/usercopy.h"
#include "arch/x86_64/vcpu.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/trap.h"
#include "enclave/host/call.h"
#include "enclave/sched/sched.h"

#define EXIT_CRASH    134
#define CLEAN_RFLAGS  2ull
#define TRAP_INSN_MAX 5

/* First byte and end of the LibOS's code, from the linker script. */
extern const uint8_t libos_text_start[], libos_text_end[];
void user_trap_entry(void);
void kernel_crash_entry(void);

/* What kernel_crash() reports; written once, then the enclave ends. */
static struct {
    uint32_t vector, code;
    uint64_t rip, addr;
    uint8_t insn[TRAP_INSN_MAX];
    uint32_t reporting; /* a second crash, of the report, is silent */
} g_crash;

_Static_assert(offsetof(struct regs, rip) == offsetof(struct sgx_gpr, rip), "copied as one piece");

static struct sgx_exinfo *exinfo_of(struct sgx_gpr *frame) {
    return (struct sgx_exinfo *)((uintptr_t)frame - sizeof(struct sgx_exinfo));
}

static void redirect(struct sgx_gpr *frame, void (*to)(void), uint64_t sp) {
    frame->rip = (uint64_t)(uintptr_t)to;
    frame->rsp = sp;
    frame->rflags = CLEAN_RFLAGS;
    frame->gsbase = (uint64_t)(uintptr_t)vcpu_current(); /* whatever the program made of GS */
}

static void leave_user(struct sgx_gpr *frame, uint32_t vector) {
    struct vcpu *v = vcpu_current();
    struct task *t = v->task;
    const struct sgx_exinfo *ex = exinfo_of(frame);

    mem_copy(&t->regs, frame, offsetof(struct regs, fsbase));
    t->regs.fsbase = frame->fsbase;
    v->in_user = 0;
    t->exc = (struct exception){.vector = vector, .code = ex->errcd, .addr = UADDR(ex->maddr)};
    redirect(frame, user_trap_entry, v->kernel_sp);
}

static uint64_t fixup_of(uint64_t rip) {
    for (const struct extable_entry *e = __start_extable; e < __stop_extable; e++) {
        if (e->insn == rip)
            return e->fixup;
    }
    return 0;
}

static bool in_libos(uint64_t rip) {
    return rip >= (uint64_t)(uintptr_t)libos_text_start &&
           rip < (uint64_t)(uintptr_t)libos_text_end;
}

/* Wherever a program jumps, it is the program's fault; where it was before it did not reach its
 * first instruction, or jumped into our code, it is ours. */
static bool was_user(const struct sgx_gpr *frame) {
    return vcpu_current()->in_user != 0 && !in_libos(frame->rip);
}

static void crash(struct sgx_gpr *frame, uint32_t vector) {
    const struct sgx_exinfo *ex = exinfo_of(frame);

    g_crash.vector = vector;
    g_crash.code = ex->errcd;
    g_crash.addr = ex->maddr;
    g_crash.rip = frame->rip;
    if (in_libos(frame->rip) && in_libos(frame->rip + TRAP_INSN_MAX))
        mem_copy(g_crash.insn, (const void *)(uintptr_t)frame->rip, TRAP_INSN_MAX);
    redirect(frame, kernel_crash_entry, vcpu_current()->boot_sp);
}

void exception_decide(struct sgx_gpr *frame) {
    uint32_t info = frame->exitinfo;
    uint32_t vector = SGX_EXITINFO_VECTOR(info);
    uint64_t fixup;

    frame->exitinfo = 0;
    if ((info & SGX_EXITINFO_VALID) == 0) {
        if (was_user(frame) && sched_has_others())
            leave_user(frame, EXCEPTION_KICK);
        return;
    }
    if (was_user(frame)) {
        leave_user(frame, vector);
        return;
    }
    fixup = fixup_of(frame->rip);
    if (fixup != 0)
        frame->rip = fixup;
    else
        crash(frame, vector);
}

static const char *vector_name(uint32_t vector) {
    switch (vector) {
    case SGX_VEC_DE:
        return "divide error";
    case SGX_VEC_UD:
        return "illegal instruction";
    case SGX_VEC_GP:
        return "general protection fault";
    case SGX_VEC_PF:
        return "page fault";
    default:
        return "exception";
    }
}

void kernel_crash(void) {
    const char *kind = trap_name(g_crash.insn);
    char name[128];
    size_t n = 0;

    if (__atomic_exchange_n(&g_crash.reporting, 1, __ATOMIC_RELAXED) != 0) {
        enclave_exit(HOST_EXIT_DONE, EXIT_CRASH);
        trap(TRAP_UNREACHABLE);
    }
    if (failed(host_symbol(g_crash.rip, SPAN_OF(name), &n)))
        n = 0;
    log_err("libos", "stopped: %s%s in %.*s (rip 0x%llx, vector %u, address 0x%llx)",
            kind != NULL ? "trap " : "", kind != NULL ? kind : vector_name(g_crash.vector), (int)n,
            name, (unsigned long long)g_crash.rip, g_crash.vector,
            (unsigned long long)g_crash.addr);
    enclave_exit(HOST_EXIT_DONE, EXIT_CRASH);
    trap(TRAP_UNREACHABLE);
}
