/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Limits and usage of the process. The limits that bind so far (stack, data, files) say what they
 * are; they cannot be changed yet.
 */
#include "enclave/file/fd.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"
#include "enclave/time/clock.h"
#include "enclave/user/copy.h"

#define RLIMIT_CPU      0
#define RLIMIT_DATA     2
#define RLIMIT_STACK    3
#define RLIMIT_CORE     4
#define RLIMIT_NOFILE   7
#define RLIMIT_AS       9
#define RLIMIT_COUNT    16
#define RLIM_INFINITY   UINT64_MAX
#define NS_PER_US       1000ull
#define US_PER_S        1000000ull
#define TICK_NS         10000000ull
#define RUSAGE_SELF     0
#define RUSAGE_THREAD   1
#define RUSAGE_CHILDREN (-1)

struct limit {
    uint64_t soft, hard;
};

static struct limit limit_of(const struct process *p, int resource) {
    switch (resource) {
    case RLIMIT_DATA:
        return (struct limit){p->heap_limit, p->heap_limit};
    case RLIMIT_STACK:
        return (struct limit){p->stack_size, p->stack_size};
    case RLIMIT_CORE:
        return (struct limit){0, 0};
    case RLIMIT_NOFILE:
        return (struct limit){FD_LIMIT, FD_LIMIT};
    default:
        return (struct limit){RLIM_INFINITY, RLIM_INFINITY};
    }
}

static err get_limit(struct task *t, int resource, uaddr out) {
    struct limit l;

    if (resource < 0 || resource >= RLIMIT_COUNT)
        return ERR(EINVAL);
    l = limit_of(t->proc, resource);
    return user_put(out, &l);
}

err sys_getrlimit(struct task *t, int64_t *ret, int resource, u_out limit) {
    return get_limit(t, resource, limit);
}

err sys_prlimit64(struct task *t, int64_t *ret, int pid, int resource, u_in new_limit,
                  u_out old_limit) {
    struct limit wanted, now;

    if (pid != 0 && pid != t->proc->pid)
        return ERR(ESRCH);
    if (resource < 0 || resource >= RLIMIT_COUNT)
        return ERR(EINVAL);
    now = limit_of(t->proc, resource);
    if (!uaddr_is_null(new_limit)) {
        TRY(user_get(&wanted, new_limit));
        if (wanted.soft > wanted.hard)
            return ERR(EINVAL);
        if (wanted.soft != now.soft || wanted.hard != now.hard)
            return ERR(EPERM);
    }
    return uaddr_is_null(old_limit) ? OK : user_put(old_limit, &now);
}

err sys_getrusage(struct task *t, int64_t *ret, int who, u_out usage) {
    struct {
        int64_t user[2], system[2];
        int64_t rest[14];
    } out = {0};
    uint64_t ns;

    if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN)
        return ERR(EINVAL);
    if (who != RUSAGE_CHILDREN) {
        TRY(clock_read(CLOCK_PROCESS_CPUTIME_ID, &ns));
        out.user[0] = (int64_t)(ns / NS_PER_US / US_PER_S);
        out.user[1] = (int64_t)(ns / NS_PER_US % US_PER_S);
    }
    return user_put(usage, &out);
}

err sys_times(struct task *t, int64_t *ret, u_out buf) {
    int64_t out[4] = {0};
    uint64_t cpu, mono;

    TRY(clock_read(CLOCK_PROCESS_CPUTIME_ID, &cpu));
    TRY(clock_read(CLOCK_MONOTONIC, &mono));
    out[0] = (int64_t)(cpu / TICK_NS);
    *ret = (int64_t)(mono / TICK_NS);
    return uaddr_is_null(buf) ? OK : user_put(buf, &out);
}
