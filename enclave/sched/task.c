/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One vCPU, one task at a time. To run a task means: the vCPU block points at it and at its kernel
 * stack, then the registers are loaded.
 */
#include "enclave/sched/task.h"

#include "abi/image/layout.h"
#include "arch/x86_64/exit.h"
#include "arch/x86_64/vcpu.h"
#include "base/heap.h"
#include "enclave/mm/kpages.h"

#define KERNEL_STACK_SIZE (LAYOUT_U64(64) << 10)

struct task *task_current(void) {
    return vcpu_current()->task;
}

err task_new(struct process *proc, int tid, struct task **out) {
    struct task *t = NEW(struct task);

    if (t == NULL)
        return ERR(ENOMEM);
    t->kernel_sp = kpages_stack(KERNEL_STACK_SIZE);
    if (t->kernel_sp == 0) {
        heap_free(t);
        return ERR(ENOMEM);
    }
    t->proc = proc;
    t->tid = tid;
    *out = t;
    return OK;
}

void task_run(struct task *t) {
    struct vcpu *v = vcpu_current();

    v->task = t;
    v->kernel_sp = t->kernel_sp;
    vector_reset();
    user_resume(&t->regs);
}
