/* SPDX-License-Identifier: BSD-3-Clause
 * Linked in several ways; only the files are looked at. */
#include <stdio.h>

static char zeroed[10000];

int main(void) {
    zeroed[0] = 1;
    return puts("hello") < 0;
}
