/* must trap: null or object size in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A write through NULL.
 */
#include "tests/negative/crime.h"

void crime(void) {
    uint64_t *p = opaque_ptr(NULL);

    *p = 1;
}
