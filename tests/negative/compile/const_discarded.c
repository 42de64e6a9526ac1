/* must not compile: discards qualifiers|discards .const. qualifier */
/* SPDX-License-Identifier: BSD-3-Clause
 * What is lent for reading does not come back for writing.
 */
#include "base/compiler.h"

uint8_t *crime(const uint8_t *lent, uint8_t *own);
uint8_t *crime(const uint8_t *lent, uint8_t *own) {
#ifdef CRIME
    return lent;
#else
    return lent == own ? NULL : own;
#endif
}
