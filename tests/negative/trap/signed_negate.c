/* must trap: signed negate overflow in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * The smallest int has no positive twin.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at((uint64_t)-opaque_i32(INT32_MIN));
}
