/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Building enclave.signed (abi/image/enclave.h): the pages of the LibOS ELF file, of the
 * configuration, and of each vCPU's slot, with the signature over what a loader measures when it
 * adds them in that order. The same input and key give the same bytes.
 *
 * All functions that fail have said why (cli/say.h).
 */
#ifndef CLI_SIGN_ENCLAVE_H
#define CLI_SIGN_ENCLAVE_H

#include "abi/image/enclave.h"
#include "base/span.h"
#include "cli/sign/key.h"

/* What is signed. The LibOS must define `enclave_entry` (where EENTER goes), `vcpu_table` and
 * `vcpu_stride`, an 8-byte number: GS of vCPU i is vcpu_table + i * vcpu_stride. */
struct enclave_spec {
    cspan libos;  /* static ELF executable linked into [LIBOS_BASE, CONFIG_BASE) */
    cspan config; /* abi/image/config.h; at most CONFIG_MAX_SIZE */
    uint32_t tcs_count;
    struct sgx_attributes attributes, attribute_mask;
    uint32_t miscselect, miscmask;
    uint16_t prod_id, svn;
    uint8_t family_id[16], ext_prod_id[16]; /* not zero only with SGX_ATTR_KSS */
    uint32_t date;                          /* BCD yyyymmdd; see enclave_date */
};

/* Sets all but libos, config and the identity: TCS_COUNT vCPUs, 64-bit, DEBUG or not, EXINFO; AVX
 * and AVX-512 as the loader's CPU has them, every other extended state off. */
void enclave_spec_init(struct enclave_spec *spec, bool debug);

/* SIGSTRUCT.DATE: the UTC day of SOURCE_DATE_EPOCH, a decimal number of seconds, or 0 if that is
 * NULL; never today's date, so that a build can be repeated. EINVAL. */
err enclave_date(uint32_t *date, const char *source_date_epoch);

/* Gives *bytes (release with free). */
err enclave_build(uint8_t **bytes, size_t *size, const struct enclave_spec *spec,
                  const struct signing_key *key);

/* Who an enclave is. */
struct enclave_identity {
    uint8_t mrenclave[SHA256_SIZE], mrsigner[SHA256_SIZE];
    uint16_t prod_id, svn;
    bool debug;
};

/* Reads the identity of the enclave.signed whose bytes are `file`, after checking that it is well
 * formed, measures as signed, and that the signature is valid. */
err enclave_identify(struct enclave_identity *id, cspan file);

/* The 64 lower-case digits of a measurement, and a NUL. */
#define MEASUREMENT_TEXT (2 * SHA256_SIZE + 1)
void measurement_print(char out[MEASUREMENT_TEXT], const uint8_t measurement[SHA256_SIZE]);

#endif
