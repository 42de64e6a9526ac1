/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ENCLU leaves the enclave uses besides EEXIT (SDM Vol. 3D, chapter 38; in entry.S). `info` is
 * 64-byte aligned and lies in the enclave.
 */
#ifndef ARCH_X86_64_ENCLU_H
#define ARCH_X86_64_ENCLU_H

#include "abi/sgx/arch.h"

#ifdef TWIN
/* The twin has no EPCM: the pages are the test's. */
static inline uint64_t enclu_eaccept(const struct sgx_secinfo *info, uint64_t page) {
    return 0;
}

static inline void enclu_emodpe(const struct sgx_secinfo *info, uint64_t page) {
}
#else
/* 0 if the page is in the state `info` describes; it is the enclave's from then on. */
uint64_t enclu_eaccept(const struct sgx_secinfo *info, uint64_t page);
/* Adds permissions to a page. */
void enclu_emodpe(const struct sgx_secinfo *info, uint64_t page);
#endif

#endif
