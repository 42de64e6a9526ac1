/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where interrupted user code comes in, on its task's kernel stack: a `syscall` instruction is
 * performed, anything else kills the program. exception_decide() has saved the registers.
 */
#include "abi/sgx/arch.h"
#include "arch/x86_64/exit.h"
#include "enclave/sched/sched.h"
#include "enclave/signal/signal.h"
#include "enclave/sys/dispatch.h"
#include "enclave/user/copy.h"

#define SYSCALL_SIZE 2
/* A kick that meets the kernel is lost; so a task that makes call after call gives way by itself.
 */
#define CALLS_A_TURN 64
#define RFLAGS_TF    0x100u

NORETURN void user_trap(void);

static bool at_syscall(const struct task *t) {
    uint8_t insn[SYSCALL_SIZE];

    return t->exc.vector == SGX_VEC_UD && !failed(user_read(SPAN_OF(insn), UADDR(t->regs.rip))) &&
           insn[0] == 0x0f && insn[1] == 0x05;
}

/* A program that single-steps itself over a system call dies of SIGTRAP behind it, as on Linux; the
 * flag never reaches user_resume(), whose own instructions would trap. */
static void check_single_step(struct task *t) {
    if ((t->regs.rflags & RFLAGS_TF) == 0)
        return;
    t->exc = (struct exception){.vector = SGX_VEC_DB};
    signal_fault(t);
}

/* The program was interrupted anywhere: others run, then it goes on with every register as it was.
 * A stack pointer that points nowhere is the program's end, as it would be at a signal. */
NORETURN static void preempted(struct task *t) {
    task_yield();
    uint64_t where[2] = {t->regs.rflags, t->regs.rip};

    check_single_step(t);
    if (failed(user_put(UADDR(wrap_sub(t->regs.rsp, RESUME_FRAME)), &where))) {
        t->exc = (struct exception){.vector = SGX_VEC_PF, .addr = UADDR(t->regs.rsp)};
        signal_fault(t);
    }
    user_resume_all(&t->regs);
}

void user_trap(void) {
    struct task *t = task_current();

    if (t->exc.vector == EXCEPTION_KICK)
        preempted(t);
    if (!at_syscall(t))
        signal_fault(t);
    t->regs.rip += SYSCALL_SIZE;
    t->regs.r11 = t->regs.rflags; /* as the instruction leaves them */
    syscall_dispatch(t);
    if (t->syscalls % CALLS_A_TURN == 0 && sched_has_others())
        task_yield();
    check_single_step(t);
    t->regs.rcx = t->regs.rip; /* what user_resume asks for */
    user_resume(&t->regs);
}
