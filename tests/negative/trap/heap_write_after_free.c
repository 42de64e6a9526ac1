/* must trap: write after free in slab_alloc */
/* SPDX-License-Identifier: BSD-3-Clause
 * A write into a freed block is found when the block is given out again.
 */
#include "base/heap.h"
#include "tests/negative/crime.h"

void crime(void) {
    uint64_t *block = heap_alloc(64);
    uint64_t *stale = opaque_ptr(block);

    heap_free(block);
    stale[3] = 1;
    for (size_t i = 0; i < opaque_u64(1 << 16); i++)
        look_at((uintptr_t)heap_alloc(64));
}
