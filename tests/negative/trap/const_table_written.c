/* must trap: segv in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A table of operations cannot be written: it lies in read-only memory.
 */
#include "tests/negative/crime.h"

struct ops {
    void (*act)(uint64_t);
};

static const struct ops g_ops = {.act = look_at};

void crime(void) {
    struct ops *ops = opaque_ptr((void *)(uintptr_t)&g_ops);

    ops->act = NULL;
}
