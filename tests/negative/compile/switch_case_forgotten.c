/* must not compile: not (explicitly )?handled in switch */
/* SPDX-License-Identifier: BSD-3-Clause
 * A switch over an enum names every case, also when it has a default.
 */
#include "base/compiler.h"

enum state { STATE_NEW, STATE_READY, STATE_DEAD };
int crime(enum state s);
int crime(enum state s) {
    switch (s) {
    case STATE_NEW:
        return 1;
    case STATE_READY:
        return 2;
#ifndef CRIME
    case STATE_DEAD:
        return 4;
#endif
    default:
        return 3;
    }
}
