/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Clocks. Time comes from the untrusted host; what is guaranteed here is only that monotonic time
 * never goes back. Nanoseconds throughout.
 */
#ifndef ENCLAVE_TIME_CLOCK_H
#define ENCLAVE_TIME_CLOCK_H

#include "base/err.h"

/* CLOCK_* of Linux. */
enum {
    CLOCK_REALTIME = 0,
    CLOCK_MONOTONIC = 1,
    CLOCK_PROCESS_CPUTIME_ID = 2,
    CLOCK_THREAD_CPUTIME_ID = 3,
    CLOCK_MONOTONIC_RAW = 4,
    CLOCK_REALTIME_COARSE = 5,
    CLOCK_MONOTONIC_COARSE = 6,
    CLOCK_BOOTTIME = 7,
};

/* Remembers the start, from which CPU clocks count. Called once. */
MUST err clock_start(void);
/* EINVAL for a clock Linux does not have; EIO if the host gives no usable time. CPU clocks count
 * elapsed time since the start: the host could forge anything better. */
MUST err clock_read(int clock, uint64_t *ns);
/* The current task sleeps; others run meanwhile. */
MUST err clock_sleep(uint64_t ns);
/* The vCPU sleeps on the host: for the scheduler, when nobody can run. EINTR, or EIO if the host
 * does not let us. */
MUST err clock_host_sleep(uint64_t ns);

#endif
