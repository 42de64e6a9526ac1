/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Crimes: a function that must end its process by a trap is run in a child.
 */
#ifndef TESTS_LIB_DIES_H
#define TESTS_LIB_DIES_H

#include <stdbool.h>

/* The name (base/trap.h) of the trap that ended crime(); "exit" if it came back, "sanitizer" if a
 * sanitizer reported it first, "signal" for another death. */
const char *dies_of(void (*crime)(void));

/* Is ASan looking, so that some crimes don't reach our own check? */
bool has_asan(void);

/* Fails the test unless crime() ends with this trap, or with a report where ASan sees it first. */
void assert_dies_of(const char *trap, void (*crime)(void));

#endif
