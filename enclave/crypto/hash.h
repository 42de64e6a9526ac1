/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SHA-256 in the enclave: base/sha256.h with the program's vector registers kept.
 */
#ifndef ENCLAVE_CRYPTO_HASH_H
#define ENCLAVE_CRYPTO_HASH_H

#include "base/sha256.h"

/* The digest of one piece. */
void hash_sha256(cspan data, uint8_t out[SHA256_SIZE]);

#endif
