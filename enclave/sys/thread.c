/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a C library does to its threads at start: thread pointer, names, futex words. There is one
 * thread so far, so a futex wait that would block has nobody to wake it.
 */
#include "arch/x86_64/cpu.h"
#include "base/mem.h"
#include "enclave/crypto/random.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"
#include "enclave/time/clock.h"
#include "enclave/time/timespec.h"
#include "enclave/user/copy.h"

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003

#define PR_SET_NAME 15
#define PR_GET_NAME 16

#define FUTEX_WAIT        0
#define FUTEX_WAKE        1
#define FUTEX_WAIT_BITSET 9
#define FUTEX_WAKE_BITSET 10
#define FUTEX_REALTIME    0x100 /* a flag: the time is CLOCK_REALTIME's */
#define FUTEX_CMD_MASK    0x7f

#define ROBUST_HEAD_SIZE 24
#define GETRANDOM_MAX    (32u << 20)
#define GETRANDOM_FLAGS  7u
#define CHUNK            256

err sys_exit(struct task *t, int64_t *ret, int status) {
    process_exit(t->proc, status);
}

err sys_exit_group(struct task *t, int64_t *ret, int status) {
    process_exit(t->proc, status);
}

err sys_set_tid_address(struct task *t, int64_t *ret, u_ptr tid) {
    t->clear_child_tid = tid;
    *ret = t->tid;
    return OK;
}

err sys_set_robust_list(struct task *t, int64_t *ret, u_ptr head, size_t len) {
    if (len != ROBUST_HEAD_SIZE)
        return ERR(EINVAL);
    t->robust_list = head;
    return OK;
}

err sys_arch_prctl(struct task *t, int64_t *ret, int code, uint64_t addr) {
    switch (code) {
    case ARCH_SET_FS:
        if (addr >= 1ull << 47)
            return ERR(EPERM);
        t->regs.fsbase = addr; /* loaded by user_resume */
        return OK;
    case ARCH_GET_FS:
        return user_put(UADDR(addr), &t->regs.fsbase);
    default:
        return ERR(EINVAL); /* GS belongs to the LibOS */
    }
}

err sys_prctl(struct task *t, int64_t *ret, int option, uint64_t a, uint64_t b, uint64_t c,
              uint64_t d) {
    char name[COMM_SIZE] = {0};
    size_t n;

    switch (option) {
    case PR_SET_NAME: {
        err e = user_string(SPAN_OF(name), UADDR(a), &n);
        if (failed(e) && e.no != ENAMETOOLONG)
            return e;
        name[COMM_SIZE - 1] = '\0';
        mem_copy(t->proc->comm, name, COMM_SIZE);
        return OK;
    }
    case PR_GET_NAME:
        return user_put(UADDR(a), &t->proc->comm);
    default:
        return ERR(EINVAL);
    }
}

/* Nobody will wake the only thread: it sleeps until its time is over. */
static err futex_wait(int op, uaddr timeout) {
    bool absolute = (op & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    int clock = (op & FUTEX_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    struct linux_timespec ts;
    uint64_t ns, now;

    if (uaddr_is_null(timeout))
        return ERR(EDEADLK);
    TRY(user_get(&ts, timeout));
    TRY(timespec_ns(&ts, &ns));
    if (absolute) {
        TRY(clock_read(clock, &now));
        ns = ns > now ? ns - now : 0;
    }
    if (ns > 0)
        TRY(clock_sleep(ns));
    return ERR(ETIMEDOUT);
}

err sys_futex(struct task *t, int64_t *ret, u_ptr word, int op, uint32_t val, u_in timeout,
              u_ptr word2, uint32_t val3) {
    int cmd = op & FUTEX_CMD_MASK;
    uint32_t now;

    if ((cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAKE_BITSET) && val3 == 0)
        return ERR(EINVAL);
    switch (cmd) {
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        *ret = 0;
        return OK;
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
        TRY(user_get(&now, word));
        return now != val ? ERR(EAGAIN) : futex_wait(op, timeout);
    default:
        return ERR(ENOSYS);
    }
}

err sys_sched_yield(struct task *t, int64_t *ret) {
    return OK;
}

err sys_sched_getaffinity(struct task *t, int64_t *ret, int pid, size_t len, u_out mask) {
    const uint64_t one_cpu = 1;

    if (len < sizeof(one_cpu) || len % sizeof(one_cpu) != 0)
        return ERR(EINVAL);
    TRY(user_put(mask, &one_cpu));
    *ret = sizeof(one_cpu);
    return OK;
}

err sys_getrandom(struct task *t, int64_t *ret, u_out buf, size_t len, uint32_t flags) {
    size_t want = (size_t)min_u64(len, GETRANDOM_MAX);
    uint8_t bytes[CHUNK];

    if ((flags & ~GETRANDOM_FLAGS) != 0)
        return ERR(EINVAL);
    for (size_t done = 0; done < want;) {
        span part = span_of(bytes, (size_t)min_u64(CHUNK, want - done));
        TRY(random_fill(part));
        TRY(user_write(UADDR(buf.va + done), span_c(part)));
        done += part.n;
    }
    *ret = (int64_t)want;
    return OK;
}
