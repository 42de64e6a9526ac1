/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Reading clocks and sleeping.
 */
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"
#include "enclave/time/clock.h"
#include "enclave/time/timespec.h"
#include "enclave/user/copy.h"

#define NS_PER_S      1000000000ll
#define NS_PER_US     1000ll
#define TIMER_ABSTIME 1
#define CLOCK_RES_NS  1
#define COARSE_RES_NS 4000000

static struct linux_timespec timespec_of(uint64_t ns) {
    return (struct linux_timespec){(int64_t)(ns / NS_PER_S), (int64_t)(ns % NS_PER_S)};
}

err sys_clock_gettime(struct task *t, int64_t *ret, clock_no clock, u_out ts) {
    uint64_t ns;

    TRY(clock_read(clock, &ns));
    struct linux_timespec out = timespec_of(ns);
    return user_put(ts, &out);
}

err sys_clock_getres(struct task *t, int64_t *ret, clock_no clock, u_out ts) {
    bool coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
    struct linux_timespec out = {0, coarse ? COARSE_RES_NS : CLOCK_RES_NS};

    if (clock < CLOCK_REALTIME || clock > CLOCK_BOOTTIME)
        return ERR(EINVAL);
    return uaddr_is_null(ts) ? OK : user_put(ts, &out);
}

err sys_gettimeofday(struct task *t, int64_t *ret, u_out tv, u_out tz) {
    const int32_t zone[2] = {0, 0};
    uint64_t ns;

    TRY(clock_read(CLOCK_REALTIME, &ns));
    int64_t out[2] = {(int64_t)ns / NS_PER_S, (int64_t)ns % NS_PER_S / NS_PER_US};
    if (!uaddr_is_null(tv))
        TRY(user_put(tv, &out));
    return uaddr_is_null(tz) ? OK : user_put(tz, &zone);
}

err sys_time(struct task *t, int64_t *ret, u_out out) {
    uint64_t ns;

    TRY(clock_read(CLOCK_REALTIME, &ns));
    *ret = (int64_t)ns / NS_PER_S;
    return uaddr_is_null(out) ? OK : user_put(out, ret);
}

static err get_span(uaddr request, uint64_t *ns) {
    struct linux_timespec ts;

    TRY(user_get(&ts, request));
    return timespec_ns(&ts, ns);
}

err sys_nanosleep(struct task *t, int64_t *ret, u_in request, u_out left) {
    uint64_t ns;

    TRY(get_span(request, &ns));
    return clock_sleep(ns);
}

err sys_clock_nanosleep(struct task *t, int64_t *ret, clock_no clock, int flags, u_in request,
                        u_out left) {
    uint64_t ns, now;

    TRY(clock_check_sleep(clock));
    TRY(get_span(request, &ns));
    if ((flags & TIMER_ABSTIME) != 0) {
        TRY(clock_read(clock, &now));
        ns = ns > now ? ns - now : 0;
    }
    return ns == 0 ? OK : clock_sleep(ns);
}
