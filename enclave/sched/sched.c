/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One vCPU: a list of ready tasks in the order they became so, and a tree of deadlines. A switch
 * takes the next ready task; the one that gives up the vCPU is in the ready list, in the tree, in
 * a wait queue, or dead. Nothing here needs a lock until there is a second vCPU.
 */
#include "enclave/sched/sched.h"

#include "arch/x86_64/exit.h"
#include "arch/x86_64/switch.h"
#include "arch/x86_64/vcpu.h"
#include "base/trap.h"
#include "enclave/host/call.h"
#include "enclave/time/clock.h"

#define QUANTUM_NS  10000000ull      /* 10 ms */
#define IDLE_MAX_NS 3600000000000ull /* an hour: nothing is due */

void task_first_run(void);

static struct list g_ready = LIST_INIT(g_ready);
static struct list g_dead = LIST_INIT(g_dead);
static struct rb_tree g_timers;
static uint64_t g_task_count; /* that are not dead */

struct task *task_current(void) {
    return vcpu_current()->task;
}

bool sched_has_others(void) {
    return g_task_count > 1;
}

static void make_ready(struct task *t) {
    t->state = TASK_READY;
    list_push_back(&g_ready, &t->run_link);
}

/* The host interrupts this vCPU as long as there is somebody to preempt for. One that does not only
 * makes tasks wait longer. */
static void kick_every(uint64_t ns) {
    err ignored = host_kick(ns);

    (void)ignored.no;
}

void sched_add(struct task *t) {
    g_task_count++;
    make_ready(t);
    if (g_task_count == 2)
        kick_every(QUANTUM_NS);
}

void task_wake(struct task *t) {
    if (t->state == TASK_WAITING)
        make_ready(t);
}

/* The time, or 0 if the host gives none: then no deadline is reached. */
static uint64_t now_ns(void) {
    uint64_t now;

    return failed(clock_read(CLOCK_MONOTONIC, &now)) ? 0 : now;
}

static void expire(void) {
    if (rb_empty(&g_timers))
        return;
    uint64_t now = now_ns();
    for (struct rb_node *n = rb_first(&g_timers); n != NULL && n->key <= now;
         n = rb_first(&g_timers)) {
        struct task *t = CONTAINER_OF(n, struct task, timer);
        rb_remove(&g_timers, n);
        t->timed_out = true;
        task_wake(t);
    }
}

static void idle(void) {
    const struct rb_node *first = rb_first(&g_timers);
    uint64_t now = now_ns();
    uint64_t left = IDLE_MAX_NS;

    if (first != NULL)
        left = first->key > now ? first->key - now : 0;
    if (left > 0 && failed(clock_host_sleep(min_u64(left, IDLE_MAX_NS))))
        return; /* an early end is looked at again */
}

static struct task *next_task(void) {
    expire();
    while (list_empty(&g_ready)) {
        idle();
        expire();
    }
    struct task *t = CONTAINER_OF(list_first(&g_ready), struct task, run_link);
    list_remove(&t->run_link);
    return t;
}

static void reap(void) {
    while (!list_empty(&g_dead)) {
        struct task *t = CONTAINER_OF(list_first(&g_dead), struct task, run_link);
        list_remove(&t->run_link);
        task_free(t);
    }
}

static void take_vcpu(struct task *t) {
    struct vcpu *v = vcpu_current();

    t->state = TASK_RUNNING;
    v->task = t;
    v->kernel_sp = t->kernel_sp;
}

/* Gives the vCPU to the next ready task and returns when it is this one's turn again. */
static void switch_away(void) {
    struct task *from = task_current();
    struct task *to = next_task();

    take_vcpu(to);
    if (to == from)
        return;
    if (to->saved_sp == 0)
        stack_switch_fresh(&from->saved_sp, to->kernel_sp);
    else
        stack_switch(&from->saved_sp, to->saved_sp);
    reap();
}

void task_first_run(void) {
    reap();
    user_resume(&task_current()->regs);
}

err task_block(uint64_t deadline) {
    struct task *t = task_current();

    t->state = TASK_WAITING;
    t->timed_out = false;
    if (deadline != NO_DEADLINE)
        rb_insert(&g_timers, &t->timer, deadline);
    switch_away();
    if (rb_is_linked(&t->timer))
        rb_remove(&g_timers, &t->timer);
    return t->timed_out ? ERR(ETIMEDOUT) : OK;
}

void task_yield(void) {
    make_ready(task_current());
    switch_away();
}

void sched_start(struct task *first) {
    g_task_count = 1;
    take_vcpu(first);
    vector_reset();
    user_resume(&first->regs);
}

void sched_exit(void) {
    struct task *t = task_current();

    t->state = TASK_DEAD;
    g_task_count--;
    if (g_task_count == 1)
        kick_every(0);
    list_push_back(&g_dead, &t->run_link);
    switch_away();
    trap(TRAP_UNREACHABLE);
}
