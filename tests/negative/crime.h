/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a crime sees. crime() is called once by tests/negative/runner.c; it must not return. The
 * values it needs come from the functions below, which the optimiser cannot see through, so that
 * the crime is committed at run time and not argued away by the compiler.
 */
#ifndef TESTS_NEGATIVE_CRIME_H
#define TESTS_NEGATIVE_CRIME_H

#include "base/compiler.h"

void crime(void);

/* The same value, which the compiler no longer knows. */
int32_t opaque_i32(int32_t v);
uint64_t opaque_u64(uint64_t v);
void *opaque_ptr(void *p);
/* Looks at a value, so that computing it is not dead code. */
void look_at(uint64_t v);

#endif
