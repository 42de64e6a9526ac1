/* must not compile: format specifies type|expects argument of type */
/* SPDX-License-Identifier: BSD-3-Clause
 * A log line's arguments fit its format.
 */
#include "base/log.h"

void crime(uint64_t size);
void crime(uint64_t size) {
#ifdef CRIME
    log_err("mm", "size=%s", size);
#else
    log_err("mm", "size=%lu", size);
#endif
}
