/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The only door to the memory of the program that runs inside. Every function checks that the
 * range lies in the user part of the address space, then copies once; a page that is missing or
 * protected gives EFAULT through the exception table, never a kernel fault. The copies may sleep
 * (later: page faults, the family lease), so they are forbidden under spinlocks.
 */
#ifndef ENCLAVE_USER_COPY_H
#define ENCLAVE_USER_COPY_H

#include "base/addr.h"
#include "base/err.h"
#include "base/span.h"

/* Fills all of dst, or EFAULT (dst is then unspecified but initialised). */
MUST err user_read(span dst, uaddr src);
/* Copies all of src, or EFAULT after a part of it. */
MUST err user_write(uaddr dst, cspan src);
/* Writes n zero bytes, or EFAULT. */
MUST err user_zero(uaddr dst, size_t n);
/* Copies a NUL-terminated string with its NUL; *len is its length without. EFAULT, or
 * ENAMETOOLONG if no NUL lies within buf.n bytes. */
MUST err user_string(span buf, uaddr src, size_t *len);

/* One object of a fixed-layout ABI type. */
#define user_get(obj_p, src) user_read(span_of((obj_p), sizeof(*(obj_p))), (src))
#define user_put(dst, obj_p) user_write((dst), cspan_of((obj_p), sizeof(*(obj_p))))

#endif
