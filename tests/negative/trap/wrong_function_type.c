/* must trap: kcfi in call */
/* SPDX-License-Identifier: BSD-3-Clause
 * A call through a pointer to a function of another type.
 */
#include "tests/negative/crime.h"

struct ops {
    void (*act)(uint64_t);
};

static uint64_t other(uint64_t a, uint64_t b) {
    return a + b;
}

__attribute__((noinline)) static void call(const struct ops *ops) {
    ops->act(1);
}

void crime(void) {
    uint64_t (*volatile p)(uint64_t, uint64_t) = other;
    void *raw = (void *)(uintptr_t)p;
    struct ops ops;

    *(void **)&ops.act = raw;
    call(&ops);
}
