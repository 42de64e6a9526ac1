/* must trap: signed add overflow in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * The largest int plus one.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at((uint64_t)(opaque_i32(INT32_MAX) + opaque_i32(1)));
}
