/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Tasks come from a pool; their kernel stacks are kept for the next task when one is over, because
 * making one costs two host calls.
 */
#include "enclave/sched/task.h"

#include "abi/image/layout.h"
#include "base/pool.h"
#include "enclave/mm/kpages.h"
#include "enclave/proc/process.h"

#define KERNEL_STACK_SIZE (LAYOUT_U64(64) << 10)
#define SPARE_STACKS      64

static struct pool g_tasks = POOL_INIT(g_tasks, struct task);
static uint64_t g_spare[SPARE_STACKS]; /* tops */
static size_t g_spare_count;

static uint64_t stack_get(void) {
    if (g_spare_count > 0)
        return g_spare[--g_spare_count];
    return kpages_stack(KERNEL_STACK_SIZE);
}

err task_new(struct process *proc, int tid, struct task **out) {
    struct task *t = POOL_NEW(&g_tasks, struct task);

    if (t == NULL)
        return ERR(ENOMEM);
    t->kernel_sp = stack_get();
    if (t->kernel_sp == 0) {
        pool_free(&g_tasks, t);
        return ERR(ENOMEM);
    }
    t->proc = proc;
    t->tid = tid;
    list_push_back(&proc->tasks, &t->proc_link);
    *out = t;
    return OK;
}

void task_free(struct task *t) {
    list_remove(&t->proc_link);
    /* Beyond the spare ones a stack stays mapped and unused: 64 KiB each, bounded by the peak. */
    if (g_spare_count < SPARE_STACKS)
        g_spare[g_spare_count++] = t->kernel_sp;
    pool_free(&g_tasks, t);
}
