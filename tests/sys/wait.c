/* SPDX-License-Identifier: BSD-3-Clause
 * Waiting for time to pass: which clocks and which times can be waited for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* musl has no <linux/futex.h>. */
#define WAIT        (0 | 128)
#define WAKE        (1 | 128)
#define WAIT_BITSET (9 | 128)
#define REALTIME    256

static uint32_t g_word = 5;

static void say(const char *what, long result) {
    printf("%s: %s\n", what, result == -1 ? strerror(errno) : "works");
    errno = 0;
}

static long long now(clockid_t clock) {
    struct timespec ts;

    clock_gettime(clock, &ts);
    return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static long futex(int op, uint32_t value, const struct timespec *ts, uint32_t bits) {
    return syscall(SYS_futex, &g_word, op, value, ts, NULL, bits);
}

static void futexes(void) {
    struct timespec ts = {0, 20000000}, bad = {0, 1000000000}, past = {1, 0};
    long long began = now(CLOCK_MONOTONIC);

    say("another value", futex(WAIT, 4, NULL, 0));
    say("a timeout", futex(WAIT, 5, &ts, 0));
    printf("it took its time: %d\n", now(CLOCK_MONOTONIC) - began >= 20000000);
    say("a timeout that is none", futex(WAIT, 5, &bad, 0));
    say("a time in the past", futex(WAIT_BITSET, 5, &past, 1));
    say("a date in the past", futex(WAIT_BITSET | REALTIME, 5, &past, 1));
    say("no bits", futex(WAIT_BITSET, 5, &past, 0));
    printf("nobody to wake: %ld\n", futex(WAKE, 1, NULL, 0));
}

static void sleep_by(const char *name, clockid_t clock) {
    struct timespec ts = {0, 1000};

    errno = clock_nanosleep(clock, 0, &ts, NULL);
    say(name, errno == 0 ? 0 : -1);
}

int main(void) {
    struct timespec bad = {-1, 0}, past = {1, 0};

    futexes();
    sleep_by("real time", CLOCK_REALTIME);
    sleep_by("monotonic", CLOCK_MONOTONIC);
    sleep_by("boot time", CLOCK_BOOTTIME);
    sleep_by("raw", CLOCK_MONOTONIC_RAW);
    sleep_by("coarse", CLOCK_MONOTONIC_COARSE);
    sleep_by("the own CPU time of a thread", CLOCK_THREAD_CPUTIME_ID);
    sleep_by("no clock", 4711);
    say("negative", nanosleep(&bad, NULL));
    errno = clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL);
    say("until the past", errno == 0 ? 0 : -1);
    return 0;
}
