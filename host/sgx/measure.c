/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The records, each 64 bytes, zero where nothing is named:
 *
 *   0 "ECREATE\0"  8 SSAFRAMESIZE u32  12 SIZE u64
 *   0 "EADD\0..."  8 offset u64        16 SECINFO, its first 48 bytes (only FLAGS is not zero)
 *   0 "EEXTEND\0"  8 offset u64        followed by 256 bytes of content
 */
#include "host/sgx/measure.h"

#include "base/trap.h"

#define RECORD_SIZE 64u

struct record {
    le64 tag;
    uint8_t body[RECORD_SIZE - 8];
};

#define TAG(a, b, c, d, e, f, g) {{a, b, c, d, e, f, g, 0}}

static const le64 g_ecreate = TAG('E', 'C', 'R', 'E', 'A', 'T', 'E');
static const le64 g_eadd = TAG('E', 'A', 'D', 'D', 0, 0, 0);
static const le64 g_eextend = TAG('E', 'E', 'X', 'T', 'E', 'N', 'D');

void measure_begin(struct measure *m, uint64_t enclave_size, uint32_t ssa_frame_pages) {
    struct record r = {.tag = g_ecreate};

    CHECK(span_put_le32(SPAN_OF(r.body), 0, ssa_frame_pages));
    CHECK(span_put_le64(SPAN_OF(r.body), 4, enclave_size));
    sha256_init(&m->hash);
    sha256_update(&m->hash, CSPAN_OF(r));
}

void measure_add(struct measure *m, uint64_t offset, uint64_t secinfo) {
    struct record r = {.tag = g_eadd};

    CHECK(span_put_le64(SPAN_OF(r.body), 0, offset));
    CHECK(span_put_le64(SPAN_OF(r.body), 8, secinfo));
    sha256_update(&m->hash, CSPAN_OF(r));
}

void measure_extend(struct measure *m, uint64_t offset, cspan chunk) {
    struct record r = {.tag = g_eextend};

    CHECK(chunk.n == MEASURE_CHUNK);
    CHECK(span_put_le64(SPAN_OF(r.body), 0, offset));
    sha256_update(&m->hash, CSPAN_OF(r));
    sha256_update(&m->hash, chunk);
}

void measure_page(struct measure *m, uint64_t offset, uint64_t secinfo, cspan page) {
    cspan chunk;

    measure_add(m, offset, secinfo);
    for (uint64_t at = 0; at < page.n; at += MEASURE_CHUNK) {
        CHECK(cspan_sub(&chunk, page, at, MEASURE_CHUNK));
        measure_extend(m, offset + at, chunk);
    }
}

void measure_end(struct measure *m, uint8_t mrenclave[SHA256_SIZE]) {
    sha256_final(&m->hash, mrenclave);
}
