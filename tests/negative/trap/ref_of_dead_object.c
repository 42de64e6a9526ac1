/* must trap: reference count in hold */
/* SPDX-License-Identifier: BSD-3-Clause
 * A reference to an object whose last one is gone.
 */
#include "base/ref.h"
#include "tests/negative/crime.h"

__attribute__((noinline)) static void hold(struct ref *r) {
    ref_get(r);
}

void crime(void) {
    struct ref r;

    ref_init(&r);
    look_at(ref_put(&r));
    hold(&r);
}
