/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SHA-256 (FIPS 180-4). One kernel is portable C on general registers, the other uses the SHA
 * extensions and is about four times as fast. Both give the same digest; the kernel is chosen once.
 *
 * The NI kernel clobbers xmm0-xmm15 (never the upper halves of ymm/zmm, it has no VEX code) and
 * nothing else of the vector state: inside the enclave every sha256_update, _final and _of that may
 * run with it stands between vec_begin and vec_end.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/span.h"

#define SHA256_SIZE 32u

/* A digest in the making: init, update any number of times, final. May be copied in between. */
struct sha256 {
    uint32_t state[8];
    uint64_t size; /* bytes taken so far */
    uint8_t block[64];
};

/* Chooses the kernel; the portable one is used until then. Called at start, before a second thread
 * exists, and with true only if CPUID says SHA, SSSE3 and SSE4.1. */
void sha256_use_ni(bool on);

void sha256_init(struct sha256 *h);
void sha256_update(struct sha256 *h, cspan data);
/* Writes the digest and wipes h, which needs a new init. */
void sha256_final(struct sha256 *h, uint8_t out[SHA256_SIZE]);

/* The digest of one piece. */
void sha256_of(cspan data, uint8_t out[SHA256_SIZE]);

#endif
