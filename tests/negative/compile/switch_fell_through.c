/* must not compile: unannotated fall-through|this statement may fall through */
/* SPDX-License-Identifier: BSD-3-Clause
 * A case that goes on into the next one says so.
 */
#include "base/compiler.h"

int crime(int s);
int crime(int s) {
    int sum = 0;

    switch (s) {
    case 1:
        sum += 1;
#ifndef CRIME
        FALLTHROUGH;
#endif
    case 2:
        sum += 2;
        break;
    default:
        break;
    }
    return sum;
}
