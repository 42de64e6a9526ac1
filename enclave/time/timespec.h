/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What programs say when they want to wait: for how long, and by which clock.
 */
#ifndef ENCLAVE_TIME_TIMESPEC_H
#define ENCLAVE_TIME_TIMESPEC_H

#include "abi/linux/fs.h"
#include "base/err.h"

/* EINVAL if it is negative or not normalised; too long becomes INT64_MAX nanoseconds. */
MUST err timespec_ns(const struct linux_timespec *ts, uint64_t *ns);
/* Can one sleep by this clock? EINVAL, EOPNOTSUPP as clock_nanosleep(2). */
MUST err clock_check_sleep(int clock);

#endif
