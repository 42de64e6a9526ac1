/* must trap: shift in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A signed shift that loses its sign.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at((uint64_t)(opaque_i32(3) << opaque_i32(31)));
}
