/* SPDX-License-Identifier: BSD-3-Clause
 * Repeating the operations of a published measurement stream gives the published MRENCLAVE. */
#include "tests/lib/unit.h"

#include "abi/sgx/arch.h"
#include "host/sgx/measure.h"
#include "tests/unit/sgx_vectors.h"

#define RECORD 64u

struct replay {
    struct measure m;
    cspan stream;
    uint64_t at;
    unsigned pages;
};

static uint64_t number_at(const struct replay *r, uint64_t off) {
    uint64_t v = 0;

    assert_true(cspan_le64(&v, r->stream, r->at + off));
    return v;
}

static bool is_tag(const struct replay *r, const char *tag) {
    cspan head;

    assert_true(cspan_sub(&head, r->stream, r->at, 8));
    return strcmp((const char *)head.p, tag) == 0;
}

static void replay_record(struct replay *r) {
    cspan chunk;

    if (is_tag(r, "ECREATE")) {
        uint32_t ssa = 0;
        uint64_t size = 0;
        assert_true(cspan_le32(&ssa, r->stream, r->at + 8));
        assert_true(cspan_le64(&size, r->stream, r->at + 12));
        measure_begin(&r->m, size, ssa);
    } else if (is_tag(r, "EADD")) {
        measure_add(&r->m, number_at(r, 8), number_at(r, 16));
        r->pages++;
    } else {
        assert_true(is_tag(r, "EEXTEND"));
        assert_true(cspan_sub(&chunk, r->stream, r->at + RECORD, MEASURE_CHUNK));
        measure_extend(&r->m, number_at(r, 8), chunk);
        r->at += MEASURE_CHUNK;
    }
    r->at += RECORD;
}

static void published_stream_gives_published_hash(void **state) {
    static struct vector stream;
    static struct vector sig;
    struct replay r = {.stream = vector_load(&stream, "test_enclave.sgxs")};
    uint8_t mrenclave[SHA256_SIZE];

    while (r.at < r.stream.n)
        replay_record(&r);
    measure_end(&r.m, mrenclave);
    assert_true(r.pages > 0);
    assert_int_equal(vector_load(&sig, "test_enclave.sig").n, sizeof(struct sgx_sigstruct));
    assert_memory_equal(mrenclave, sig.bytes + offsetof(struct sgx_sigstruct, enclave_hash), 32);
}

static void whole_page_is_add_and_sixteen_extends(void **state) {
    static uint8_t page[4096];
    struct measure whole;
    struct measure parts;
    uint8_t a[SHA256_SIZE];
    uint8_t b[SHA256_SIZE];

    for (size_t i = 0; i < sizeof(page); i++)
        page[i] = (uint8_t)(i * 7);
    measure_begin(&whole, 1 << 20, 1);
    measure_begin(&parts, 1 << 20, 1);
    measure_page(&whole, 0x3000, SGX_SECINFO_REG | SGX_SECINFO_R, CSPAN_OF(page));
    measure_add(&parts, 0x3000, SGX_SECINFO_REG | SGX_SECINFO_R);
    for (size_t i = 0; i < 16; i++)
        measure_extend(&parts, 0x3000 + i * 256, cspan_of(page + i * 256, 256));
    measure_end(&whole, a);
    measure_end(&parts, b);
    assert_memory_equal(a, b, SHA256_SIZE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_stream_gives_published_hash),
        cmocka_unit_test(whole_page_is_add_and_sixteen_extends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
