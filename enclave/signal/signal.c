/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Death by signal. A fault line names the place the way a developer looks for it: the file the
 * instruction came from and the offset in that file, which addr2line and objdump understand.
 */
#include "enclave/signal/signal.h"

#include "abi/sgx/arch.h"
#include "base/log.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"

static const char *const g_names[SIGNAL_MAX + 1] = {
#define G(name, number, action) [number] = #name,
#include "abi/linux/signal.def"
#undef G
};

static const uint8_t g_actions[SIGNAL_MAX + 1] = {
#define G(name, number, action) [number] = SIGNAL_##action,
#include "abi/linux/signal.def"
#undef G
};

const char *signal_name(int signo) {
    if (signo <= 0 || signo > SIGNAL_MAX || g_names[signo] == NULL)
        return "SIGRT";
    return g_names[signo];
}

enum signal_action signal_default(int signo) {
    if (signo <= 0 || signo > SIGNAL_MAX)
        return SIGNAL_IGNORE;
    return (enum signal_action)g_actions[signo];
}

void signal_send_self(struct task *t, int signo) {
    uint64_t handler = t->proc->sigactions.of[signo - 1].handler;
    bool fixed = signo == SIGKILL || signo == SIGSTOP;
    enum signal_action action = signal_default(signo);

    if (!fixed && handler != SIG_DFL && handler != SIG_IGN) {
        log_err("signal", "%s has a handler; delivery to programs is not there yet",
                signal_name(signo));
        return;
    }
    if (handler == SIG_IGN && !fixed)
        return;
    if (action == SIGNAL_IGNORE || action == SIGNAL_STOP)
        return;
    process_exit(t->proc, 128 + signo);
}

/* Linux's signal for a vector of the CPU. */
static int signal_of(uint32_t vector) {
    switch (vector) {
    case SGX_VEC_DE:
    case SGX_VEC_MF:
    case SGX_VEC_XM:
        return SIGFPE;
    case SGX_VEC_DB:
    case SGX_VEC_BP:
        return SIGTRAP;
    case SGX_VEC_UD:
        return SIGILL;
    case SGX_VEC_AC:
        return SIGBUS;
    default:
        return SIGSEGV;
    }
}

void signal_fault(struct task *t) {
    int signo = signal_of(t->exc.vector);
    const struct vma *v = mm_find(t->proc->mm, UADDR(t->regs.rip));
    char place[VMA_NAME_MAX + 32];
    size_t n;

    if (v != NULL && v->start <= t->regs.rip && v->origin.name[0] != '\0')
        n = fmt_to(SPAN_OF(place), "%s+0x%llx", v->origin.name,
                   (unsigned long long)(t->regs.rip - v->start + v->origin.file_off));
    else
        n = fmt_to(SPAN_OF(place), "no file");
    log_err("signal", "%s (pid %d) died of %s at %.*s (rip 0x%llx, address 0x%llx)",
            t->proc->exe_path, t->proc->pid, signal_name(signo), (int)n, place,
            (unsigned long long)t->regs.rip, (unsigned long long)t->exc.addr.va);
    process_exit(t->proc, 128 + signo);
}
