/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SIGSTRUCT, the signature of an enclave, checked as the EINIT instruction checks it. SIM and EMU
 * rely on this; in HW the CPU does it, and the launcher asks first only to give a reason that
 * reads better than an error number.
 *
 * The RSA signature has exponent 3, and SIGSTRUCT carries the two quotients that turn s^3 mod n
 * into multiplications and subtractions; so nothing here needs a crypto library or memory.
 */
#ifndef HOST_SGX_SIGSTRUCT_H
#define HOST_SGX_SIGSTRUCT_H

#include "abi/sgx/arch.h"
#include "base/sha256.h"

enum sigstruct_fault {
    SIGSTRUCT_OK,
    SIGSTRUCT_BAD_HEADER,
    SIGSTRUCT_BAD_VENDOR,
    SIGSTRUCT_BAD_EXPONENT,
    SIGSTRUCT_BAD_RESERVED,
    SIGSTRUCT_BAD_QUOTIENT,
    SIGSTRUCT_BAD_SIGNATURE,
    SIGSTRUCT_OTHER_MEASUREMENT,
    SIGSTRUCT_OTHER_ATTRIBUTES,
    SIGSTRUCT_OTHER_MISCSELECT,
    SIGSTRUCT_OTHER_SIGNER,
};

/* What is wrong, as a sentence without a period ("the signature is not valid"). Static string. */
const char *sigstruct_fault_text(enum sigstruct_fault fault);

/* Is it well formed and signed by the key it names? */
MUST enum sigstruct_fault sigstruct_check(const struct sgx_sigstruct *s);

/* MRSIGNER: the SHA-256 of the modulus. */
void sigstruct_mrsigner(const struct sgx_sigstruct *s, uint8_t mrsigner[SHA256_SIZE]);

/* Does it speak of the enclave that `secs` describes? Compares mrenclave, mrsigner, and the
 * attributes and MISCSELECT under their masks. Says nothing about the signature. */
MUST enum sigstruct_fault sigstruct_match(const struct sgx_sigstruct *s,
                                          const struct sgx_secs *secs);

#endif
