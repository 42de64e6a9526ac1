/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From the current task to the view that /proc shows.
 */
#include "enclave/sys/procinfo.h"

#include "base/mem.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"
#include "enclave/time/clock.h"

static void view(struct proc_view *out) {
    const struct process *p = task_current()->proc;
    const char *exe = p->exe_path != NULL ? p->exe_path : "";

    *out = (struct proc_view){
        .pid = p->pid,
        .ppid = p->ppid,
        .comm = cspan_of(p->comm, str_len(p->comm, COMM_SIZE)),
        .exe = cspan_of(exe, str_len(exe, PATH_MAX)),
        .files = p->files,
        .fs = p->fs,
    };
}

static void memory(uint64_t *total, uint64_t *left) {
    *total = mm_budget_total();
    *left = mm_budget_total() - mm_budget_used();
}

/* The CPU clock counts from the start of the enclave (enclave/time/clock.h). */
static uint64_t uptime(void) {
    uint64_t ns;

    return failed(clock_read(CLOCK_PROCESS_CPUTIME_ID, &ns)) ? 0 : ns;
}

const struct proc_source proc_info = {.view = view, .memory = memory, .uptime = uptime};
