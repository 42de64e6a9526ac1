/* must not compile: stack frame size|the frame size of */
/* SPDX-License-Identifier: BSD-3-Clause
 * A function that wants kilobytes of kernel stack does not get them.
 */
#include "base/mem.h"

uint8_t crime(size_t n);
uint8_t crime(size_t n) {
#ifdef CRIME
    uint8_t room[65536];
#else
    uint8_t room[64];
#endif
    mem_fill(room, 1, sizeof(room));
    return room[n % sizeof(room)];
}
