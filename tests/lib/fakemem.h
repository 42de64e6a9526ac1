/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory of the enclave for hosted tests: what host_mem_commit, _protect and _release do to pages,
 * page by page, with their bytes. fakeuser.c reads and writes these pages where they allow it, so
 * a program can be loaded and looked at. Addresses are the guest's.
 */
#ifndef TESTS_LIB_FAKEMEM_H
#define TESTS_LIB_FAKEMEM_H

#include "base/addr.h"
#include "base/span.h"

#define FAKEMEM_NOT_THERE 0xffu

/* Forgets all pages and failures. */
void fakemem_reset(void);
/* Pages that are committed. */
uint64_t fakemem_pages(void);
/* PROT_* of the page at an address, or FAKEMEM_NOT_THERE. */
uint32_t fakemem_prot(uint64_t at);
/* From now on the n-th call fails with EIO (1 = the next); 0 turns it off. */
void fakemem_fail_at(uint64_t n);

/* Copies the bytes of [at, at + n) whatever their protection; false if a page is not there. */
bool fakemem_peek(span dst, uint64_t at);
/* As the program does: false at the first page that is missing or not permitted. */
bool fakemem_read(span dst, uint64_t at);
bool fakemem_write(uint64_t at, cspan src);
bool fakemem_zero(uint64_t at, size_t n);

#endif
