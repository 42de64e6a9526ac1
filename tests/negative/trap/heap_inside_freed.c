/* must trap: bad free in slab_free */
/* SPDX-License-Identifier: BSD-3-Clause
 * An address inside a block is not the block.
 */
#include "base/heap.h"
#include "tests/negative/crime.h"

void crime(void) {
    uint8_t *block = heap_alloc(64);

    heap_free(opaque_ptr(block + 16));
}
