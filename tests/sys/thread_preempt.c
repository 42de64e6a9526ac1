/* SPDX-License-Identifier: BSD-3-Clause
 * Threads that only compute get their turns, and lose nothing by being interrupted anywhere:
 * general and vector registers, flags, the red zone of a leaf function, thread-local storage.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 3
#define ROUNDS  30000000u

static volatile int g_stop;
static volatile uint64_t g_count[THREADS];
static _Thread_local uint64_t g_own;

/* A leaf: its variables live in registers and in the red zone. */
static uint64_t mix(uint64_t seed, uint32_t rounds) {
    volatile uint64_t below[8] = {seed, 1, 2, 3, 4, 5, 6, 7};
    uint64_t a = seed, carry = 0;
    double f = 1.0;

    for (uint32_t i = 0; i < rounds; i++) {
        a = a * 6364136223846793005u + 1442695040888963407u;
        carry += __builtin_add_overflow(a, seed, &a);
        f = f * 1.0000001 + (double)(a >> 60);
        below[i & 7] ^= a;
        if (f > 1e12)
            f = 1.0;
    }
    for (int i = 0; i < 8; i++)
        a ^= below[i];
    return a ^ carry ^ (uint64_t)f;
}

static void *compute(void *arg) {
    uint64_t id = (uint64_t)(uintptr_t)arg;

    g_own = mix(id + 1, ROUNDS);
    return (void *)(uintptr_t)g_own;
}

static void *spin(void *arg) {
    while (!g_stop)
        g_count[(uintptr_t)arg]++;
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    void *result;

    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, compute, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &result);
        printf("%d: %016lx\n", i, (unsigned long)(uintptr_t)result);
    }
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, spin, (void *)i);
    while (g_count[0] == 0 || g_count[1] == 0 || g_count[2] == 0) {
    }
    g_stop = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("all had their turns\n");
    return 0;
}
