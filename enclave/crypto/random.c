/* SPDX-License-Identifier: BSD-3-Clause
 *
 * RDRAND may have nothing for a moment under load; Intel advises ten tries.
 */
#include "enclave/crypto/random.h"

#include "arch/x86_64/cpu.h"

#define TRIES 10

static err random_u64(uint64_t *out) {
    for (unsigned i = 0; i < TRIES; i++) {
        if (cpu_rdrand(out))
            return OK;
    }
    return ERR(EIO);
}

err random_fill(span dst) {
    for (size_t at = 0; at < dst.n; at += 8) {
        uint64_t word;
        cspan part;
        TRY(random_u64(&word));
        if (!cspan_sub(&part, CSPAN_OF(word), 0, min_u64(8, dst.n - at)) ||
            !span_write(dst, at, part))
            return ERR(EIO);
    }
    return OK;
}
