/* must trap: division in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A block size of 0 from a hostile superblock.
 */
#include "tests/negative/crime.h"

void crime(void) {
    look_at(4096 / opaque_u64(0));
}
