/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who a process is: ids, names, the system's name. Programs run as root so far.
 */
#include "abi/image/layout.h"
#include "base/mem.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"
#include "enclave/time/clock.h"
#include "enclave/user/copy.h"

#define UTS_SIZE 65
#define NS_PER_S 1000000000ull

err sys_getpid(struct task *t, int64_t *ret) {
    *ret = t->proc->pid;
    return OK;
}

err sys_getppid(struct task *t, int64_t *ret) {
    *ret = t->proc->ppid;
    return OK;
}

err sys_gettid(struct task *t, int64_t *ret) {
    *ret = t->tid;
    return OK;
}

err sys_getuid(struct task *t, int64_t *ret) {
    *ret = 0;
    return OK;
}

err sys_geteuid(struct task *t, int64_t *ret) {
    return sys_getuid(t, ret);
}

err sys_getgid(struct task *t, int64_t *ret) {
    return sys_getuid(t, ret);
}

err sys_getegid(struct task *t, int64_t *ret) {
    return sys_getuid(t, ret);
}

static err put_three_ids(uaddr a, uaddr b, uaddr c) {
    const uint32_t id = 0;

    TRY(user_put(a, &id));
    TRY(user_put(b, &id));
    return user_put(c, &id);
}

err sys_getresuid(struct task *t, int64_t *ret, u_out ruid, u_out euid, u_out suid) {
    return put_three_ids(ruid, euid, suid);
}

err sys_getresgid(struct task *t, int64_t *ret, u_out rgid, u_out egid, u_out sgid) {
    return put_three_ids(rgid, egid, sgid);
}

err sys_getgroups(struct task *t, int64_t *ret, int count, u_out list) {
    *ret = 0; /* root without supplementary groups */
    return count < 0 ? ERR(EINVAL) : OK;
}

/* The first process leads its group and session. */
static err own_id(struct task *t, int64_t *ret, int pid) {
    if (pid != 0 && pid != t->proc->pid)
        return ERR(ESRCH);
    *ret = t->proc->pid;
    return OK;
}

err sys_getpgid(struct task *t, int64_t *ret, int pid) {
    return own_id(t, ret, pid);
}

err sys_getpgrp(struct task *t, int64_t *ret) {
    return own_id(t, ret, 0);
}

err sys_getsid(struct task *t, int64_t *ret, int pid) {
    return own_id(t, ret, pid);
}

err sys_setpgid(struct task *t, int64_t *ret, int pid, int pgid) {
    int64_t self;

    TRY(own_id(t, &self, pid));
    return pgid < 0 ? ERR(EINVAL) : ERR(EPERM); /* a session leader cannot move */
}

err sys_uname(struct task *t, int64_t *ret, u_out name) {
    static const char *const fields[6] = {"Linux",         "occlum", "6.1.0-occlum",
                                          "#1 SMP Occlum", "x86_64", "(none)"};
    char out[6][UTS_SIZE] = {{0}};

    for (size_t i = 0; i < 6; i++)
        mem_copy(out[i], fields[i], str_len(fields[i], UTS_SIZE - 1));
    return user_put(name, &out);
}

err sys_sysinfo(struct task *t, int64_t *ret, u_out info) {
    struct {
        int64_t uptime;
        uint64_t loads[3], total, free, shared, buffer, swap, free_swap;
        uint16_t procs, pad;
        uint32_t pad2;
        uint64_t high, free_high;
        uint32_t unit, pad3;
    } out = {.unit = 1, .procs = 1};
    uint64_t ns;

    TRY(clock_read(CLOCK_PROCESS_CPUTIME_ID, &ns));
    out.uptime = (int64_t)(ns / NS_PER_S);
    out.total = mm_budget_total();
    out.free = mm_budget_total() - mm_budget_used();
    return user_put(info, &out);
}
