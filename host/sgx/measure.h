/* SPDX-License-Identifier: BSD-3-Clause
 *
 * MRENCLAVE: the SHA-256 of what was done to build an enclave. The CPU appends one 64-byte record
 * for ECREATE, one for each EADD, and for each EEXTEND one record followed by the 256 bytes of page
 * content it covers. The launcher and the signer call this in the order in which they add pages;
 * where the enclave lies in memory does not enter.
 *
 *   measure_begin, then for each page measure_page (or measure_add and measure_extend), measure_end
 */
#ifndef HOST_SGX_MEASURE_H
#define HOST_SGX_MEASURE_H

#include "base/sha256.h"

#define MEASURE_CHUNK 256u /* what one EEXTEND covers */

struct measure {
    struct sha256 hash;
};

/* ECREATE. */
void measure_begin(struct measure *m, uint64_t enclave_size, uint32_t ssa_frame_pages);

/* EADD of the page at `offset` from the enclave base; `secinfo` is SECINFO.FLAGS. */
void measure_add(struct measure *m, uint64_t offset, uint64_t secinfo);

/* EEXTEND of the MEASURE_CHUNK bytes that lie at `offset`. */
void measure_extend(struct measure *m, uint64_t offset, cspan chunk);

/* A whole page: EADD, then EEXTEND of all of its content. */
void measure_page(struct measure *m, uint64_t offset, uint64_t secinfo, cspan page);

/* EINIT: writes MRENCLAVE. m needs a new begin. */
void measure_end(struct measure *m, uint8_t mrenclave[SHA256_SIZE]);

#endif
