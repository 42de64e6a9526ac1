/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory of our own: copy, fill, compare. Guest and host memory is never passed here, it has
 * types of its own (base/addr.h) and copy functions of its own (enclave/user, enclave/host).
 * mem.c also defines memcpy and friends because compilers call them; our code calls these names.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/compiler.h"

void mem_copy(void *dst, const void *src, size_t n); /* must not overlap */
void mem_move(void *dst, const void *src, size_t n);
void mem_fill(void *dst, uint8_t c, size_t n);
void mem_zero(void *dst, size_t n);
/* Zeroes secrets; the compiler cannot leave it out. */
void mem_wipe(void *dst, size_t n);
bool mem_equal(const void *a, const void *b, size_t n);
/* Are all n bytes c? zero? */
bool mem_is(const void *p, uint8_t c, size_t n);
bool mem_is_zero(const void *p, size_t n);

/* Length of s without its NUL, at most `max`. */
size_t str_len(const char *s, size_t max);
bool str_equal(const char *a, const char *b);

#endif
