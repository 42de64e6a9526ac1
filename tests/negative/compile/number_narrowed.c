/* must not compile: implicit conversion loses|conversion from .* may change value */
/* SPDX-License-Identifier: BSD-3-Clause
 * A 64-bit size does not become a 32-bit one in silence.
 */
#include "base/compiler.h"

uint32_t crime(uint64_t size);
uint32_t crime(uint64_t size) {
#ifdef CRIME
    return size;
#else
    return (uint32_t)size;
#endif
}
