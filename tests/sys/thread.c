/* SPDX-License-Identifier: BSD-3-Clause
 * Threads: each has its own storage, a mutex excludes, a join returns the value.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#define THREADS 4
#define TIMES   20000

static pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
static long g_sum;
static _Thread_local long t_own;

static void *add(void *arg) {
    for (int i = 0; i < TIMES; i++) {
        pthread_mutex_lock(&g_lock);
        g_sum++;
        pthread_mutex_unlock(&g_lock);
        t_own++;
    }
    return (void *)((intptr_t)arg + t_own);
}

int main(void) {
    pthread_t thread[THREADS];

    for (intptr_t i = 0; i < THREADS; i++)
        printf("create %d\n", pthread_create(&thread[i], NULL, add, (void *)i));
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        pthread_join(thread[i], &result);
        printf("joined %ld\n", (long)(intptr_t)result);
    }
    printf("sum %ld, own %ld\n", g_sum, t_own);
    return 0;
}
