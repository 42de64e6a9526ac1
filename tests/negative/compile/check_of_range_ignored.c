/* must not compile: ignoring return value */
/* SPDX-License-Identifier: BSD-3-Clause
 * A range that was not found good must not be used: the answer cannot be dropped.
 */
#include "base/span.h"

void crime(span *out, span all);
void crime(span *out, span all) {
#ifdef CRIME
    span_sub(out, all, 4, 4);
#else
    if (!span_sub(out, all, 4, 4))
        *out = (span){0};
#endif
}
