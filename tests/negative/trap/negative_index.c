/* must trap: bounds in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * Before the start of an array.
 */
#include "tests/negative/crime.h"

static uint64_t g_table[8] = {1};

void crime(void) {
    look_at(g_table[opaque_i32(-1)]);
}
