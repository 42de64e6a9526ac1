/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What every benchmark program shares: bench() times rounds of an operation and prints one line,
 * "NAME NANOSECONDS-PER-OPERATION", the median round. The programs are ordinary Linux programs
 * that run natively and inside alike; run.py compares the two.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <time.h>

#define BENCH_ROUNDS 9

static inline double bench_now(void) {
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* op(arg) is called `count` times a round; one round before the first is not timed. */
static inline void bench(const char *name, void (*op)(void *arg), void *arg, unsigned count) {
    double round[BENCH_ROUNDS];

    for (unsigned r = 0; r <= BENCH_ROUNDS; r++) {
        double began = bench_now();
        for (unsigned i = 0; i < count; i++)
            op(arg);
        if (r > 0)
            round[r - 1] = (bench_now() - began) / count;
    }
    qsort(round, BENCH_ROUNDS, sizeof(round[0]), bench_compare);
    printf("%s %.1f\n", name, round[BENCH_ROUNDS / 2]);
    fflush(stdout);
}

/* A benchmark that cannot do its operation has no time to report. */
static inline void bench_need(int ok, const char *what) {
    if (ok)
        return;
    perror(what);
    exit(1);
}

/* The path of this program; argv[0] need not be one. */
static inline char *bench_self(void) {
    return (char *)getauxval(AT_EXECFN);
}

#endif
