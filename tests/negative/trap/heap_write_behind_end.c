/* must trap: write behind block in slab_free */
/* SPDX-License-Identifier: BSD-3-Clause
 * A byte behind the end of a block is found when the block is freed.
 */
#include "base/heap.h"
#include "tests/negative/crime.h"

void crime(void) {
    uint8_t *block = heap_alloc(40);
    uint8_t *end = opaque_ptr(block + 40);

    *end = 1;
    heap_free(block);
}
