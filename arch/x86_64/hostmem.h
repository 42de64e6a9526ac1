/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Moves bytes between our memory and the untrusted host's, in whole aligned 8-byte words only
 * (writes: SA-00615, stale data behind MMIO; reads: SA-00657, stale xAPIC data). `at` is a multiple
 * of 8 and lies outside ELRANGE, with room up to the next multiple of 8: enclave/host/frame.c
 * guarantees both, and these functions check them again.
 */
#ifndef ARCH_X86_64_HOSTMEM_H
#define ARCH_X86_64_HOSTMEM_H

#include "base/addr.h"
#include "base/span.h"

void hostmem_put(haddr at, cspan src);
void hostmem_put_u64(haddr at, uint64_t v);
/* Every word is read exactly once. */
void hostmem_get(span dst, haddr at);
uint64_t hostmem_get_u64(haddr at);

#endif
