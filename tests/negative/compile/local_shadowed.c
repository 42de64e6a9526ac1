/* must not compile: shadows|shadowed declaration */
/* SPDX-License-Identifier: BSD-3-Clause
 * Two things of one name in one place are one too many.
 */
#include "base/compiler.h"

int crime(int n);
int crime(int n) {
#ifdef CRIME
    if (n > 0) {
        int n = 3;
        return n;
    }
#endif
    return n;
}
