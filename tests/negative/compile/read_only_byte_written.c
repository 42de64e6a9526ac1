/* must not compile: read-only|const-qualified */
/* SPDX-License-Identifier: BSD-3-Clause
 * Nor can a byte be stored through it.
 */
#include "base/span.h"

void crime(cspan image, span buffer);
void crime(cspan image, span buffer) {
#ifdef CRIME
    image.p[0] = 1;
#else
    buffer.p[0] = image.p[0];
#endif
}
