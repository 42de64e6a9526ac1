/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Private to sha256.c and sha256_ni.c: the compression function and its constants.
 */
#ifndef BASE_SHA256_KERNEL_H
#define BASE_SHA256_KERNEL_H

#include "base/compiler.h"

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
extern const uint32_t sha256_k[64] ALIGNED(16);

/* Takes `count` blocks of 64 bytes into the state. Clobbers xmm0-xmm15. */
void sha256_blocks_ni(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
