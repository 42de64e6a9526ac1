/* must trap: null or object size in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A read through NULL, at any offset: page 0 may be mapped by the host.
 */
#include "tests/negative/crime.h"

struct far {
    uint8_t room[1 << 20];
    uint64_t value;
};

void crime(void) {
    const struct far *f = opaque_ptr(NULL);

    look_at(f->value);
}
