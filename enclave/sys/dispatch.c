/* SPDX-License-Identifier: BSD-3-Clause
 *
 * registers -> row of the table -> thunk -> handler -> rax. This is the only place where an err
 * becomes -errno. A call that is not there yet answers ENOSYS and says so once per number; with
 * tracing on, each call leaves one line.
 */
#include "enclave/sys/dispatch.h"

#include "base/log.h"
#include "enclave/sched/task.h"
#include "enclave/sys/trace.h"

#define NR_EXIT       60
#define NR_EXIT_GROUP 231
#define WARN_NUMBERS  512 /* larger numbers share the last bit */

/* Which numbers were warned about; a lost update only repeats a line. */
static uint64_t g_warned[WARN_NUMBERS / 64];

static bool first_warning(uint64_t nr) {
    uint64_t n = nr < WARN_NUMBERS ? nr : WARN_NUMBERS - 1;
    uint64_t bit = (uint64_t)1 << (n % 64);
    uint64_t old = __atomic_fetch_or(&g_warned[n / 64], bit, __ATOMIC_RELAXED);

    return (old & bit) == 0;
}

static err unimplemented(uint64_t nr, const struct sys_call *call) {
    if (first_warning(nr)) {
        if (call == NULL)
            log_warn("sys", "system call %llu does not exist", (unsigned long long)nr);
        else
            log_line(call->fatal ? LOG_ERROR : LOG_WARN, "sys",
                     "system call %llu %s is not there yet: %s", (unsigned long long)nr, call->name,
                     call->why);
    }
    return ERR(ENOSYS);
}

static err perform(struct task *t, uint64_t nr, const struct sys_args *args, int64_t *value) {
    const struct sys_call *call = sys_call_find(nr);

    if (call == NULL || call->call == NULL)
        return unimplemented(nr, call);
    return call->call(t, value, args);
}

static err perform_traced(struct task *t, uint64_t nr, const struct sys_args *args,
                          int64_t *value) {
    const struct sys_call *call = sys_call_find(nr);
    struct trace_line line;
    err e;

    if (call == NULL)
        return unimplemented(nr, call);
    trace_call(&line, t, call, args);
    if (nr == NR_EXIT || nr == NR_EXIT_GROUP)
        trace_no_result(&line);
    e = perform(t, nr, args, value);
    trace_result(&line, call, e, *value);
    return e;
}

void syscall_dispatch(struct task *t) {
    const struct regs *r = &t->regs;
    const struct sys_args args = {{r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9}};
    uint64_t nr = (uint32_t)r->rax; /* as Linux: the upper half is ignored */
    int64_t value = 0;
    err e;

    t->syscalls++;
    if (log_enabled(LOG_TRACE))
        e = perform_traced(t, nr, &args, &value);
    else
        e = perform(t, nr, &args, &value);
    t->regs.rax = (uint64_t)(failed(e) ? -(int64_t)e.no : value);
}
