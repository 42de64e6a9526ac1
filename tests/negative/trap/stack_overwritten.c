/* must trap: stack guard in __stack_chk_fail */
/* SPDX-License-Identifier: BSD-3-Clause
 * A write through a pointer that runs over the end of its frame.
 */
#include "tests/negative/crime.h"

__attribute__((noinline)) static void smash(void) {
    volatile uint8_t room[16];
    volatile uint8_t *p = opaque_ptr((void *)(uintptr_t)room);

    for (size_t i = 0; i < opaque_u64(64); i++)
        p[i] = 0x41;
}

void crime(void) {
    smash();
}
