/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pages for the heap of a hosted test: anonymous mappings with an unmapped page behind each.
 */
#ifndef TESTS_LIB_PAGES_H
#define TESTS_LIB_PAGES_H

#include "base/heap.h"

/* Gives the heap this page source. May be called by every test of a program; the first counts. */
void test_heap_init(void);

/* Pages given out and not yet taken back. */
size_t test_pages_out(void);

/* From now on `n` more calls for pages succeed, later ones get NULL; UINT64_MAX turns it off. */
void test_pages_limit(uint64_t n);

#endif
