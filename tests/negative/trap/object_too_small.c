/* must trap: null or object size in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A struct read where the compiler can see that there is less memory than that.
 */
#include "tests/negative/crime.h"

struct big {
    uint64_t a, b, c, d;
};

void crime(void) {
    uint64_t room[2] = {1, 2};

    look_at(((struct big *)(uintptr_t)room)->d);
}
