/* must trap: kcfi in call */
/* SPDX-License-Identifier: BSD-3-Clause
 * A call into the middle of a function: no type stands before it.
 */
#include "tests/negative/crime.h"

struct ops {
    void (*act)(uint64_t);
};

__attribute__((noinline)) static void right(uint64_t v) {
    look_at(v + 1);
    look_at(v + 2);
}

__attribute__((noinline)) static void call(const struct ops *ops) {
    ops->act(1);
}

void crime(void) {
    struct ops ops = {.act = right};
    uint64_t address = 0;

    *(void **)&address = *(void **)&ops.act;
    address = opaque_u64(address) + 5;
    *(uint64_t *)&ops.act = address;
    call(&ops);
}
