/* must trap: bounds in get */
/* SPDX-License-Identifier: BSD-3-Clause
 * A flexible array ends at its count (counted_by), wherever its memory ends.
 */
#include "tests/negative/crime.h"

struct list {
    uint32_t count;
    uint64_t item[] COUNTED_BY(count);
};

static uint64_t g_room[16];

__attribute__((noinline)) static uint64_t get(const struct list *l, size_t at) {
    return l->item[at];
}

void crime(void) {
    struct list *l = opaque_ptr(g_room);

    l->count = 3;
    look_at(get(l, opaque_u64(2)));
    look_at(get(l, opaque_u64(3)));
}
