/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One host call a reading. The last monotonic value is kept, and a host that goes back gets it as
 * the answer again.
 */
#include "enclave/time/clock.h"

#include "enclave/host/call.h"

#define HOST_REALTIME  0
#define HOST_MONOTONIC 1

static uint64_t g_last, g_start; /* one task so far: no lock */

static err monotonic(uint64_t *ns) {
    uint64_t now;

    TRY(host_clock(HOST_MONOTONIC, &now));
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
        return host_clock(HOST_REALTIME, ns);
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
    return host_sleep(ns);
}
