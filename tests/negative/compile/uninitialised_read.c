/* must not compile: uninitialized */
/* SPDX-License-Identifier: BSD-3-Clause
 * A local is set before it is read.
 */
#include "base/compiler.h"

int crime(int n);
int crime(int n) {
#ifdef CRIME
    int sum;
#else
    int sum = 0;
#endif
    return sum + n;
}
