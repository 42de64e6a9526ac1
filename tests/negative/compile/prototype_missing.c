/* must not compile: no previous prototype */
/* SPDX-License-Identifier: BSD-3-Clause
 * A function that no header declares must be static.
 */
#include "base/compiler.h"

#ifndef CRIME
int crime(int a);
#endif
int crime(int a) {
    return a;
}
