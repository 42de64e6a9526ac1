/* must trap: bounds in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * Behind the end of a static table, as with an unchecked system call number.
 */
#include "tests/negative/crime.h"

static uint64_t g_table[8] = {1};

void crime(void) {
    g_table[opaque_u64(0)] = 2;
    look_at(g_table[opaque_u64(1 << 20)]);
}
