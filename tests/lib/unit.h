/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What every unit test includes first: cmocka and the libc headers it needs. The errno names of
 * libc and of abi/linux/errno.def agree, so both may be in one file.
 */
#ifndef TESTS_LIB_UNIT_H
#define TESTS_LIB_UNIT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
