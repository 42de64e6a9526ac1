/* must trap: signed multiply overflow in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A size computed in int.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at((uint64_t)(opaque_i32(1 << 20) * opaque_i32(1 << 12)));
}
