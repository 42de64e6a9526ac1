/* SPDX-License-Identifier: BSD-3-Clause
 * Threads that synchronise: turns by mutex and condition, a barrier, a read-write lock, robust
 * mutexes, timed waits, semaphores, a blocking pipe between threads, many short threads.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define TURNS   500

static pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t g_turned = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t g_barrier;
static pthread_rwlock_t g_rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t g_sem;
static int g_turn, g_count, g_shared;
static _Thread_local long g_own;
static int g_pipe[2];

static void *take_turns(void *arg) {
    long me = (long)arg;

    for (int i = 0; i < TURNS; i++) {
        pthread_mutex_lock(&g_lock);
        while (g_turn != me)
            pthread_cond_wait(&g_turned, &g_lock);
        g_count++;
        g_own++;
        g_turn = (g_turn + 1) % THREADS;
        pthread_cond_broadcast(&g_turned);
        pthread_mutex_unlock(&g_lock);
    }
    return (void *)g_own;
}

static void *meet(void *arg) {
    long last = 0;

    (void)arg;
    for (int i = 0; i < 100; i++)
        last += pthread_barrier_wait(&g_barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    return (void *)last;
}

static void *read_or_write(void *arg) {
    for (int i = 0; i < 200; i++) {
        if ((long)arg == 0) {
            pthread_rwlock_wrlock(&g_rwlock);
            g_shared++;
            sched_yield();
        } else {
            pthread_rwlock_rdlock(&g_rwlock);
            if (g_shared < 0)
                abort();
            sched_yield();
        }
        pthread_rwlock_unlock(&g_rwlock);
    }
    return NULL;
}

static void *post(void *arg) {
    (void)arg;
    for (int i = 0; i < 50; i++)
        sem_post(&g_sem);
    return NULL;
}

static void *drain(void *arg) {
    char bytes[777];
    long total = 0;
    ssize_t n;

    (void)arg;
    while ((n = read(g_pipe[0], bytes, sizeof(bytes))) > 0)
        total += n;
    return (void *)total;
}

static void *die_holding(void *arg) {
    pthread_mutex_lock(arg);
    return NULL;
}

static long sum_of(void *(*run)(void *)) {
    pthread_t threads[THREADS];
    long sum = 0;

    for (long i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, run, (void *)i) != 0)
            abort();
    }
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (long)result;
    }
    return sum;
}

static void robust(void) {
    pthread_mutexattr_t attr;
    pthread_mutex_t lock;
    pthread_t thread;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&lock, &attr);
    pthread_create(&thread, NULL, die_holding, &lock);
    pthread_join(thread, NULL);
    printf("the owner died: %d", pthread_mutex_lock(&lock) == EOWNERDEAD);
    printf(" consistent: %d", pthread_mutex_consistent(&lock));
    printf(" unlock: %d\n", pthread_mutex_unlock(&lock));
}

static void timed(void) {
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += 20000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    pthread_mutex_lock(&g_lock);
    printf("timed wait: %d\n", pthread_cond_timedwait(&g_turned, &g_lock, &at) == ETIMEDOUT);
    pthread_mutex_unlock(&g_lock);
    printf("timed semaphore: %d %d\n", sem_timedwait(&g_sem, &at), errno == ETIMEDOUT);
}

int main(void) {
    static char bytes[200000];
    pthread_t thread;
    void *result;

    long turns = sum_of(take_turns);
    printf("turns: %ld %d\n", turns, g_count);
    pthread_barrier_init(&g_barrier, NULL, THREADS);
    printf("meetings: %ld\n", sum_of(meet));
    sum_of(read_or_write);
    printf("writes: %d\n", g_shared);
    sem_init(&g_sem, 0, 0);
    pthread_create(&thread, NULL, post, NULL);
    for (int i = 0; i < 50; i++)
        sem_wait(&g_sem);
    pthread_join(thread, NULL);
    printf("semaphore\n");
    robust();
    timed();
    if (pipe(g_pipe) != 0)
        return 1;
    pthread_create(&thread, NULL, drain, NULL);
    printf("written: %zd\n", write(g_pipe[1], bytes, sizeof(bytes)));
    close(g_pipe[1]);
    pthread_join(thread, &result);
    printf("read: %ld\n", (long)result);
    for (int i = 0; i < 1000; i++) {
        pthread_create(&thread, NULL, drain, NULL);
        pthread_join(thread, NULL);
    }
    printf("thousand threads\n");
    return 0;
}
