/* must trap: check in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * CHECK of a condition that does not hold.
 */
#include "base/trap.h"
#include "tests/negative/crime.h"

void crime(void) {
    CHECK(opaque_u64(1) == 2);
}
