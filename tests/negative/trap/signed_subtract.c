/* must trap: signed subtract overflow in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * The smallest int minus one.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at((uint64_t)(opaque_i32(INT32_MIN) - opaque_i32(1)));
}
