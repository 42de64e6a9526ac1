/* must trap: reference count in drop */
/* SPDX-License-Identifier: BSD-3-Clause
 * A reference given back that nobody holds.
 */
#include "base/ref.h"
#include "tests/negative/crime.h"

__attribute__((noinline)) static void drop(struct ref *r) {
    look_at(ref_put(r));
}

void crime(void) {
    struct ref r;

    ref_init(&r);
    drop(&r);
    drop(&r);
}
