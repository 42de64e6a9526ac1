/* must trap: reference count in hold */
/* SPDX-License-Identifier: BSD-3-Clause
 * A count that nears its end: it must not wrap to 0 while the object is in use.
 */
#include "base/ref.h"
#include "tests/negative/crime.h"

__attribute__((noinline)) static void hold(struct ref *r) {
    ref_get(r);
}

void crime(void) {
    struct ref r = {.n = (uint32_t)opaque_u64(REF_MAX - 2)};

    for (int i = 0; i < 5; i++)
        hold(&r);
}
