/* must not compile: invalid operands to binary */
/* SPDX-License-Identifier: BSD-3-Clause
 * A little-endian number of the disk must be decoded before it is added to.
 */
#include "base/le.h"

uint32_t crime(le32 raw);
uint32_t crime(le32 raw) {
#ifdef CRIME
    return raw + 1;
#else
    return le32_get(raw) + 1;
#endif
}
