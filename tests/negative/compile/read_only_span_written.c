/* must not compile: incompatible type */
/* SPDX-License-Identifier: BSD-3-Clause
 * A cspan cannot be handed to a function that writes.
 */
#include "base/span.h"

bool crime(cspan image, span buffer);
bool crime(cspan image, span buffer) {
#ifdef CRIME
    return span_put_u8(image, 0, 1);
#else
    return span_put_u8(buffer, 0, 1) && image.n > 0;
#endif
}
