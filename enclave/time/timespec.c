/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux's rules for timeouts, without any clock.
 */
#include "enclave/time/timespec.h"

#include "base/num.h"
#include "enclave/time/clock.h"

#define NS_PER_S 1000000000ll

err clock_check_sleep(int clock) {
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_MONOTONIC:
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_BOOTTIME:
        return OK;
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_MONOTONIC_COARSE:
        return ERR(EOPNOTSUPP);
    default:
        return ERR(EINVAL);
    }
}

err timespec_ns(const struct linux_timespec *ts, uint64_t *ns) {
    if (ts->sec < 0 || ts->nsec < 0 || ts->nsec >= NS_PER_S)
        return ERR(EINVAL);
    if (!mul_ok(ns, (uint64_t)ts->sec, (uint64_t)NS_PER_S) ||
        !add_ok(ns, *ns, (uint64_t)ts->nsec) || *ns > INT64_MAX)
        *ns = INT64_MAX;
    return OK;
}
