/* must trap: invalid bool or enum in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * A bool whose byte is neither 0 nor 1, as from a struct filled by the host.
 */
#include "tests/negative/crime.h"

void crime(void) {
    uint8_t byte = 2;
    const bool *flag = opaque_ptr(&byte);

    look_at(*flag ? 3 : 4);
}
