/* SPDX-License-Identifier: BSD-3-Clause
 * Threads: create and join one; hand a baton back and forth between two with a condition.
 */
#include <pthread.h>
#include <stddef.h>

#include "bench.h"

struct baton {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int holder; /* 0 main, 1 the other, 2 stop */
};

static void *nothing(void *arg) {
    return arg;
}

static void create_join(void *arg) {
    pthread_t thread;

    bench_need(pthread_create(&thread, NULL, nothing, arg) == 0, "pthread_create");
    pthread_join(thread, NULL);
}

static void pass(struct baton *b, int to) {
    b->holder = to;
    pthread_cond_broadcast(&b->moved);
}

static void *other(void *arg) {
    struct baton *b = arg;

    pthread_mutex_lock(&b->lock);
    for (;;) {
        while (b->holder == 0)
            pthread_cond_wait(&b->moved, &b->lock);
        if (b->holder == 2)
            break;
        pass(b, 0);
    }
    pthread_mutex_unlock(&b->lock);
    return NULL;
}

static void there_and_back(void *arg) {
    struct baton *b = arg;

    pthread_mutex_lock(&b->lock);
    pass(b, 1);
    while (b->holder != 0)
        pthread_cond_wait(&b->moved, &b->lock);
    pthread_mutex_unlock(&b->lock);
}

int main(void) {
    struct baton b = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    pthread_t thread;

    bench("thread-create-join", create_join, NULL, 500);
    bench_need(pthread_create(&thread, NULL, other, &b) == 0, "pthread_create");
    bench("futex-ping", there_and_back, &b, 2000);
    pthread_mutex_lock(&b.lock);
    pass(&b, 2);
    pthread_mutex_unlock(&b.lock);
    pthread_join(thread, NULL);
    return 0;
}
