/* must not compile: cast from .* drops const|cast discards .const. */
/* SPDX-License-Identifier: BSD-3-Clause
 * Nor does a cast take the const away.
 */
#include "base/compiler.h"

uint8_t *crime(const uint8_t *lent, uint8_t *own);
uint8_t *crime(const uint8_t *lent, uint8_t *own) {
#ifdef CRIME
    return (uint8_t *)lent;
#else
    return lent == own ? NULL : own;
#endif
}
