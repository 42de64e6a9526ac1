/* must trap: double free in heap_free */
/* SPDX-License-Identifier: BSD-3-Clause
 * The same block of many pages freed twice.
 */
#include "base/heap.h"
#include "tests/negative/crime.h"

void crime(void) {
    void *block = heap_alloc(1 << 20);
    void *again = opaque_ptr(block);

    heap_free(block);
    heap_free(again);
}
