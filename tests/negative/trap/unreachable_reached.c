/* must trap: unreachable in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A switch over all cases, and a value that is none of them.
 */
#include "tests/negative/crime.h"

void crime(void) {
    switch (opaque_u64(7)) {
    case 1:
        look_at(1);
        break;
    case 2:
        look_at(2);
        break;
    default:
        __builtin_unreachable();
    }
}
