/* must trap: bounds in fill */
/* SPDX-License-Identifier: BSD-3-Clause
 * An array in a struct ends where it ends, not where the struct does.
 */
#include "tests/negative/crime.h"

struct name {
    uint8_t text[8];
    uint64_t secret;
};

__attribute__((noinline)) static void fill(struct name *n, size_t at) {
    n->text[at] = 1;
}

void crime(void) {
    struct name n = {.secret = 1};

    fill(&n, opaque_u64(8));
    look_at(n.secret);
}
