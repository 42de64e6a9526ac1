/* must trap: bounds in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * One past the end of a local array.
 */
#include "tests/negative/crime.h"

void crime(void) {
    uint64_t room[4] = {1, 2, 3, 4};

    look_at(room[opaque_u64(4)]);
}
