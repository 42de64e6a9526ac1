/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Signal dispositions and masks are recorded, and signals to oneself take their default action.
 * Handlers are called once delivery exists (docs/signals.md).
 */
#include "enclave/signal/signal.h"

#include "enclave/proc/process.h"
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"
#include "enclave/user/copy.h"

#define SIGSET_SIZE 8
#define SIG_BLOCK   0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

static uint64_t bit(int signo) {
    return 1ull << (signo - 1);
}

/* These cannot be blocked; SIGSYS is how the LibOS catches system calls in SIM. */
static uint64_t blockable(uint64_t set) {
    return set & ~(bit(SIGKILL) | bit(SIGSTOP) | bit(SIGSYS));
}

err sys_rt_sigaction(struct task *t, int64_t *ret, sig_no sig, u_in act, u_out old,
                     size_t set_size) {
    struct user_sigaction fresh;

    if (set_size != SIGSET_SIZE || sig < 1 || sig > SIGNAL_MAX)
        return ERR(EINVAL);
    if (!uaddr_is_null(act)) {
        if (sig == SIGKILL || sig == SIGSTOP)
            return ERR(EINVAL);
        TRY(user_get(&fresh, act));
        fresh.mask = blockable(fresh.mask);
    }
    struct user_sigaction *slot = &t->proc->sigactions.of[sig - 1];
    if (!uaddr_is_null(old))
        TRY(user_put(old, slot));
    if (!uaddr_is_null(act))
        *slot = fresh;
    return OK;
}

err sys_rt_sigprocmask(struct task *t, int64_t *ret, int how, u_in set, u_out old,
                       size_t set_size) {
    uint64_t before = t->sigmask;
    uint64_t arg = 0;

    if (set_size != SIGSET_SIZE)
        return ERR(EINVAL);
    if (!uaddr_is_null(set)) {
        TRY(user_get(&arg, set));
        if (how == SIG_BLOCK)
            t->sigmask = blockable(before | arg);
        else if (how == SIG_UNBLOCK)
            t->sigmask = before & ~arg;
        else if (how == SIG_SETMASK)
            t->sigmask = blockable(arg);
        else
            return ERR(EINVAL);
    }
    return uaddr_is_null(old) ? OK : user_put(old, &before);
}

err sys_sigaltstack(struct task *t, int64_t *ret, u_in new_stack, u_out old_stack) {
    struct {
        uint64_t sp;
        uint32_t flags, pad;
        uint64_t size;
    } none = {.flags = 2 /* SS_DISABLE */}, given;

    if (!uaddr_is_null(new_stack))
        TRY(user_get(&given, new_stack)); /* used once handlers are called */
    return uaddr_is_null(old_stack) ? OK : user_put(old_stack, &none);
}

static err send(struct task *t, int pid, int sig) {
    if (sig < 0 || sig > SIGNAL_MAX)
        return ERR(EINVAL);
    if (pid != t->proc->pid && pid != 0 && pid != -t->proc->pid)
        return ERR(ESRCH); /* -1, everybody else: there is nobody else */
    if (sig != 0)
        signal_send_self(t, sig);
    return OK;
}

err sys_kill(struct task *t, int64_t *ret, int pid, sig_no sig) {
    return send(t, pid, sig);
}

/* A signal to one thread; without delivery to handlers it is the process's. */
static err send_thread(struct task *t, int tid, int sig) {
    LIST_FOREACH(other, &t->proc->tasks, struct task, proc_link) {
        if (other->tid == tid)
            return send(t, t->proc->pid, sig);
    }
    return ERR(ESRCH);
}

err sys_tkill(struct task *t, int64_t *ret, int tid, sig_no sig) {
    return tid <= 0 ? ERR(EINVAL) : send_thread(t, tid, sig);
}

err sys_tgkill(struct task *t, int64_t *ret, int tgid, int tid, sig_no sig) {
    if (tgid <= 0 || tid <= 0)
        return ERR(EINVAL);
    return tgid != t->proc->pid ? ERR(ESRCH) : send_thread(t, tid, sig);
}
