/* SPDX-License-Identifier: BSD-3-Clause
 *
 * User memory for hosted tests: one region of FAKEUSER_SIZE bytes at FAKEUSER_BASE of the guest's
 * addresses, which are not addresses of the test, and the pages of fakemem.h. The rest is EFAULT.
 * It implements enclave/user/copy.h for the twin.
 */
#ifndef TESTS_LIB_FAKEUSER_H
#define TESTS_LIB_FAKEUSER_H

#include "base/addr.h"

#define FAKEUSER_BASE 0x10000000u
#define FAKEUSER_SIZE 0x100000u
#define FAKEUSER_END  (FAKEUSER_BASE + FAKEUSER_SIZE)

/* Forgets all that was put; the region is filled with 0xee. */
void fakeuser_reset(void);
/* Room of n bytes, 16-aligned; and room with these bytes in it. */
uaddr fakeuser_room(size_t n);
uaddr fakeuser_put(const void *bytes, size_t n);
uaddr fakeuser_str(const char *text);
/* The test's view of n bytes at a; ends the test if they are not all inside. */
void *fakeuser_at(uaddr a, size_t n);

#endif
