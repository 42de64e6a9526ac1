/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One host call a reading. The last monotonic value is kept, and a host that goes back gets it as
 * the answer again. Answers are below 2^63 (the stub's bound), so they fit a signed time. Whatever
 * errno the host prefers, a program sees those that Linux gives here.
 */
#include "enclave/time/clock.h"

#include "enclave/host/call.h"
#include "enclave/sched/sched.h"

#define HOST_REALTIME  0
#define HOST_MONOTONIC 1

static uint64_t g_last, g_start; /* one vCPU so far: no lock */

static err host_now(uint32_t which, uint64_t *ns) {
    return failed(host_clock(which, ns)) ? ERR(EIO) : OK;
}

static err monotonic(uint64_t *ns) {
    uint64_t now;

    TRY(host_now(HOST_MONOTONIC, &now));
    if (now > g_last)
        g_last = now;
    *ns = g_last;
    return OK;
}

err clock_start(void) {
    return monotonic(&g_start);
}

err clock_read(int clock, uint64_t *ns) {
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        return host_now(HOST_REALTIME, ns);
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        return monotonic(ns);
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        TRY(monotonic(ns));
        *ns -= g_start;
        return OK;
    default:
        return ERR(EINVAL);
    }
}

err clock_sleep(uint64_t ns) {
    uint64_t now, deadline;

    TRY(monotonic(&now));
    if (!add_ok(&deadline, now, ns))
        deadline = NO_DEADLINE;
    err e = task_block(deadline);
    return e.no == ETIMEDOUT ? OK : e;
}

err clock_host_sleep(uint64_t ns) {
    err e = host_sleep(ns);

    return !failed(e) || e.no == EINTR ? e : ERR(EIO);
}
