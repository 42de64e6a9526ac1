/* must not compile: variable length array|-Werror=vla */
/* SPDX-License-Identifier: BSD-3-Clause
 * No array of a size that is known only at run time.
 */
#include "base/compiler.h"

int crime(unsigned n);
int crime(unsigned n) {
#ifdef CRIME
    int room[n + 1];
#else
    int room[16];
#endif
    room[0] = (int)n;
    return room[0];
}
