/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The key that signs enclaves: RSA with 3072 bits and exponent 3, as SGX wants it, in a PEM file.
 * Its hash, MRSIGNER, is what a remote party trusts and what sealed data is bound to; so each
 * project makes a key of its own, and keys that anybody can download are refused.
 *
 * All functions that fail have said why (cli/say.h).
 */
#ifndef CLI_SIGN_KEY_H
#define CLI_SIGN_KEY_H

#include "abi/sgx/arch.h"
#include "base/err.h"
#include "base/sha256.h"

struct signing_key;

/* Makes a key and writes it with mode 0600. The file is there whole or not at all, and an existing
 * one is never touched: EEXIST. */
err key_create(const char *path);

/* Reads a key and checks that it can sign enclaves. Gives *key (key_free). */
err key_load(struct signing_key **key, const char *path);
/* The same without the refusal of public keys. For the tests' vectors. */
err key_load_any(struct signing_key **key, const char *path);
void key_free(struct signing_key *key);

void key_mrsigner(const struct signing_key *key, uint8_t mrsigner[SHA256_SIZE]);

/* Whose published key has this MRSIGNER ("the Intel SGX SDK's sample key"), or NULL. */
const char *key_known(const uint8_t mrsigner[SHA256_SIZE]);

/* Completes a SIGSTRUCT: sets the modulus, the exponent, the signature over the rest, and the
 * quotients. The same input gives the same bytes (PKCS#1 v1.5). */
err key_sign(const struct signing_key *key, struct sgx_sigstruct *s);

static inline void key_free_p(struct signing_key **key) {
    key_free(*key);
}

#endif
