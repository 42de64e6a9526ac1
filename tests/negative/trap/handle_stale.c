/* must trap: stale handle in handle_must */
/* SPDX-License-Identifier: BSD-3-Clause
 * A handle to an object that has left the table, whose place has a new one.
 */
#include "base/handle.h"
#include "tests/negative/crime.h"

void crime(void) {
    struct handle_table t = {0};
    struct handled first = {0}, second = {0};
    href kept;

    if (failed(handle_add(&t, &first)))
        return;
    kept = first.self;
    handle_remove(&t, &first);
    if (failed(handle_add(&t, &second)))
        return;
    look_at((uintptr_t)handle_must(&t, kept));
}
