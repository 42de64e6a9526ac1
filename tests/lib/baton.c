/* SPDX-License-Identifier: BSD-3-Clause
 *
 * g.holder says whose turn it is; everybody else waits on the condition. All of g is guarded by
 * its mutex, which is also what orders the tasks' accesses to shared memory.
 */
#include "tests/lib/baton.h"

#include "enclave/sched/sched.h"
#include "tests/lib/fakehost.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PASSES_MAX 10000000u

struct runner {
    struct baton_task what;
    struct task task;
    pthread_t thread;
    bool done;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t turn;
    struct runner runners[BATON_TASKS_MAX];
    size_t count, holder;
    uint64_t random, passes;
} g = {.lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER};

static _Thread_local struct runner *g_self;

/* A test that runs no tasks is one itself. */
static struct task g_plain = {.tid = 1};

struct task *task_current(void) {
    return g_self == NULL ? &g_plain : &g_self->task;
}

static bool can_run(const struct runner *r) {
    return !r->done && r->task.state != TASK_WAITING;
}

/* Gives the baton to a task that can run, if there is one but the caller. */
static void hand_over(void) {
    size_t start, next = g.holder;

    if (++g.passes > PASSES_MAX) {
        fprintf(stderr, "baton: every task waits for another\n");
        abort();
    }
    g.random = g.random * 6364136223846793005u + 1442695040888963407u;
    start = (size_t)(g.random >> 33);
    for (size_t i = 0; i < 2 * g.count; i++) {
        size_t candidate = (start + i) % g.count;
        const struct runner *r = &g.runners[candidate];
        /* The second time round, one that waits: it finds out that nobody will wake it. */
        if (candidate != g.holder && (can_run(r) || (i >= g.count && !r->done))) {
            next = candidate;
            break;
        }
    }
    g.holder = next;
    pthread_cond_broadcast(&g.turn);
}

static void await_turn(void) {
    while (&g.runners[g.holder] != g_self)
        pthread_cond_wait(&g.turn, &g.lock);
}

void baton_pass(void) {
    pthread_mutex_lock(&g.lock);
    hand_over();
    await_turn();
    pthread_mutex_unlock(&g.lock);
}

static bool others_can_run(void) {
    for (size_t i = 0; i < g.count; i++) {
        if (i != g.holder && can_run(&g.runners[i]))
            return true;
    }
    return false;
}

/* The fake host's clock, in tests that link it. */
extern struct fakehost fakehost __attribute__((weak));

static void sleep_until(uint64_t deadline) {
    if (&fakehost == NULL)
        return;
    if (fakehost.now < deadline)
        fakehost.now = deadline;
    fakehost.sleeps++;
}

/* Time is the fake host's: it moves on only when nobody can run. */
err task_block(uint64_t deadline) {
    struct task *t = task_current();

    t->state = TASK_WAITING;
    while (t->state == TASK_WAITING && g_self != NULL && others_can_run())
        baton_pass();
    bool woken = t->state != TASK_WAITING;
    t->state = TASK_RUNNING;
    if (woken) /* as the scheduler has it: the deadline may have come before its turn did */
        return &fakehost != NULL && fakehost.now >= deadline ? ERR(ETIMEDOUT) : OK;
    if (deadline == NO_DEADLINE)
        return ERR(EDEADLK); /* where the enclave would wait for ever */
    sleep_until(deadline);
    return ERR(ETIMEDOUT);
}

void task_wake(struct task *t) {
    if (t->state == TASK_WAITING)
        t->state = TASK_READY;
}

void task_yield(void) {
    if (g_self != NULL)
        baton_pass();
}

bool sched_has_others(void) {
    return g_self != NULL && g.count > 1;
}

static void *thread_main(void *arg) {
    g_self = arg;
    pthread_mutex_lock(&g.lock);
    await_turn();
    pthread_mutex_unlock(&g.lock);
    g_self->what.run(g_self->what.arg);
    pthread_mutex_lock(&g.lock);
    g_self->done = true;
    hand_over();
    pthread_mutex_unlock(&g.lock);
    return NULL;
}

void baton_run(const struct baton_task *tasks, size_t count, uint64_t seed) {
    if (count > BATON_TASKS_MAX)
        abort();
    g.count = count;
    g.holder = 0;
    g.random = seed;
    g.passes = 0;
    for (size_t i = 0; i < count; i++)
        g.runners[i] =
            (struct runner){.what = tasks[i], .task = {.proc = tasks[i].proc, .tid = (int)i + 1}};
    for (size_t i = 0; i < count; i++) {
        if (pthread_create(&g.runners[i].thread, NULL, thread_main, &g.runners[i]) != 0)
            abort();
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(g.runners[i].thread, NULL);
}
