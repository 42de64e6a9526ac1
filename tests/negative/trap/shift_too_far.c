/* must trap: shift in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A shift by the width of the type.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at(1ULL << opaque_u64(64));
}
