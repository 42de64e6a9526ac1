/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads come and go, and what a C library does to them at start: thread pointer and names.
 */
#include "enclave/proc/thread.h"
#include "arch/x86_64/cpu.h"
#include "base/mem.h"
#include "enclave/crypto/random.h"
#include "enclave/proc/process.h"
#include "enclave/sched/sched.h"
#include "enclave/sys/calls.h"
#include "enclave/user/copy.h"

#define ARCH_SET_GS 0x1001
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003

#define PR_SET_NAME 15
#define PR_GET_NAME 16

#define ROBUST_HEAD_SIZE 24
#define GETRANDOM_MAX    (32u << 20)
#define GETRANDOM_FLAGS  7u
#define CHUNK            256

err sys_clone(struct task *t, int64_t *ret, uint64_t flags, u_ptr stack, u_out parent_tid,
              u_out child_tid, uint64_t tls) {
    struct thread_request req = {.flags = flags,
                                 .stack = stack,
                                 .parent_tid = parent_tid,
                                 .child_tid = child_tid,
                                 .tls = tls};
    int tid;

    TRY(thread_clone(t, &req, &tid));
    *ret = tid;
    return OK;
}

err sys_exit(struct task *t, int64_t *ret, int status) {
    thread_exit(t, status);
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

static struct task *thread_find(struct task *t, int tid) {
    LIST_FOREACH(other, &t->proc->tasks, struct task, proc_link) {
        if (tid == 0 ? other == t : other->tid == tid)
            return other;
    }
    return NULL;
}

err sys_get_robust_list(struct task *t, int64_t *ret, int tid, u_out head, u_out len) {
    const struct task *other = thread_find(t, tid);
    const uint64_t size = ROBUST_HEAD_SIZE;

    if (other == NULL)
        return ERR(ESRCH);
    TRY(user_put(len, &size));
    return user_put(head, &other->robust_list);
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

err sys_sched_yield(struct task *t, int64_t *ret) {
    task_yield();
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
