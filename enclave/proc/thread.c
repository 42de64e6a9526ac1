/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A new thread is complete before anybody can see it: its tid is written out while only its parent
 * runs, then it becomes ready. A dying one touches user memory first and leaves the scheduler last;
 * joiners wake when its tid word is zero.
 */
#include "enclave/proc/thread.h"

#include "base/log.h"
#include "base/num.h"
#include "enclave/proc/process.h"
#include "enclave/sched/futex.h"
#include "enclave/user/copy.h"

#define CLONE_VM             0x00000100u
#define CLONE_FS             0x00000200u
#define CLONE_FILES          0x00000400u
#define CLONE_SIGHAND        0x00000800u
#define CLONE_THREAD         0x00010000u
#define CLONE_SETTLS         0x00080000u
#define CLONE_PARENT_SETTID  0x00100000u
#define CLONE_CHILD_CLEARTID 0x00200000u
#define CLONE_CHILD_SETTID   0x01000000u
#define RFLAGS_TF            0x100ull
#define USER_ADDRESS_END     (1ull << 47)
#define CLONE_OF_THREAD      (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)

#define ROBUST_MAX       2048u /* as Linux's ROBUST_LIST_LIMIT: a list may be a ring */
#define FUTEX_OWNER_DIED 0x40000000u
#define FUTEX_WAITERS    0x80000000u
#define FUTEX_TID_MASK   0x3fffffffu

static err publish(const struct task *child, const struct thread_request *req) {
    const int32_t tid = child->tid;

    if ((req->flags & CLONE_PARENT_SETTID) != 0)
        TRY(user_put(req->parent_tid, &tid));
    if ((req->flags & CLONE_CHILD_SETTID) != 0)
        TRY(user_put(req->child_tid, &tid));
    return OK;
}

/* Said once: a program that forks does not do without it what it was made for. */
static err no_fork(const struct task *t) {
    static bool said;

    if (!said)
        log_err("proc", "%s: fork is not there yet; processes come with fork and spawn",
                t->proc->comm);
    said = true;
    return ERR(ENOSYS);
}

err thread_clone(struct task *t, const struct thread_request *req, int *tid) {
    struct task *child;

    if ((req->flags & CLONE_OF_THREAD) != CLONE_OF_THREAD)
        return no_fork(t);
    if (uaddr_is_null(req->stack))
        return ERR(EINVAL);
    if ((req->flags & CLONE_SETTLS) != 0 && req->tls >= USER_ADDRESS_END)
        return ERR(EPERM); /* the CPU would refuse it when the kernel loads it */
    if (failed(task_new(t->proc, t->proc->last_tid + 1, &child)))
        return ERR(EAGAIN);
    child->regs = t->regs;
    child->regs.rax = 0;
    child->regs.rcx = t->regs.rip; /* what user_resume asks for */
    child->regs.rsp = req->stack.va;
    child->regs.rflags &= ~RFLAGS_TF; /* single-stepping is the parent's alone, as on Linux */
    if ((req->flags & CLONE_SETTLS) != 0)
        child->regs.fsbase = req->tls;
    if ((req->flags & CLONE_CHILD_CLEARTID) != 0)
        child->clear_child_tid = req->child_tid;
    child->sigmask = t->sigmask;
    err e = publish(child, req);
    if (failed(e)) {
        task_free(child);
        return e;
    }
    /* commit */
    *tid = ++t->proc->last_tid;
    sched_add(child);
    return OK;
}

/* Marks one futex of a dead owner and wakes a waiter, who finds the mark. */
static err give_up_futex(struct task *t, uaddr word) {
    uint32_t value;

    TRY(user_get(&value, word));
    if ((value & FUTEX_TID_MASK) != (uint32_t)t->tid)
        return OK;
    value = (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
    TRY(user_put(word, &value));
    futex_wake(word, 1, FUTEX_ANY_BIT);
    return OK;
}

/* struct robust_list_head: the ring of held locks, where the futex lies from each, one in transit.
 */
static err give_up_robust(struct task *t) {
    struct {
        uint64_t next;
        int64_t offset;
        uint64_t pending;
    } head;
    uint64_t at;

    if (uaddr_is_null(t->robust_list))
        return OK;
    TRY(user_get(&head, t->robust_list));
    at = head.next;
    for (uint32_t i = 0; i < ROBUST_MAX && at != t->robust_list.va; i++) {
        uint64_t next;
        TRY(user_get(&next, UADDR(at)));
        if (at != head.pending)
            TRY(give_up_futex(t, UADDR(wrap_add(at, (uint64_t)head.offset))));
        at = next;
    }
    if (head.pending != 0)
        TRY(give_up_futex(t, UADDR(wrap_add(head.pending, (uint64_t)head.offset))));
    return OK;
}

static bool is_last(const struct process *p) {
    return list_first(&p->tasks) == list_last(&p->tasks);
}

void thread_exit(struct task *t, int status) {
    const uint32_t zero = 0;
    err ignored = give_up_robust(t); /* a broken list is the program's loss, as on Linux */

    (void)ignored.no;
    if (is_last(t->proc))
        process_exit(t->proc, status);
    if (!uaddr_is_null(t->clear_child_tid)) {
        if (!failed(user_put(t->clear_child_tid, &zero)))
            futex_wake(t->clear_child_tid, 1, FUTEX_ANY_BIT);
    }
    sched_exit();
}
