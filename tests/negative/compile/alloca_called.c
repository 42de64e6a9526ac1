/* must not compile: -Walloca|use of function '__builtin_alloca'|-Werror=alloca */
/* SPDX-License-Identifier: BSD-3-Clause
 * Nor any other stack memory of a run-time size.
 */
#include "base/compiler.h"

int crime(unsigned n);
int crime(unsigned n) {
#ifdef CRIME
    int *room = __builtin_alloca(n);
#else
    int one = 0;
    int *room = &one;
#endif
    *room = (int)n;
    return *room;
}
