/* must trap: bad free in heap_free */
/* SPDX-License-Identifier: BSD-3-Clause
 * Memory that the heap never gave out.
 */
#include "base/heap.h"
#include "tests/negative/crime.h"

static uint8_t g_own[4096] ALIGNED(4096);

void crime(void) {
    heap_free(opaque_ptr(g_own));
}
