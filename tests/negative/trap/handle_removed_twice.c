/* must trap: stale handle in handle_remove */
/* SPDX-License-Identifier: BSD-3-Clause
 * An object taken out of the table that it has left.
 */
#include "base/handle.h"
#include "tests/negative/crime.h"

void crime(void) {
    struct handle_table t = {0};
    struct handled object = {0};

    if (failed(handle_add(&t, &object)))
        return;
    handle_remove(&t, &object);
    handle_remove(&t, &object);
}
