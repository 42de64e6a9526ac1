/* must not compile: changes signedness|may change the sign */
/* SPDX-License-Identifier: BSD-3-Clause
 * A signed count does not become a huge unsigned one in silence.
 */
#include "base/compiler.h"

size_t crime(int count);
size_t crime(int count) {
#ifdef CRIME
    return count;
#else
    return count < 0 ? 0 : (size_t)count;
#endif
}
