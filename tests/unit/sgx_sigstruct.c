/* SPDX-License-Identifier: BSD-3-Clause
 * Real signatures pass the check that EINIT makes; changed anywhere, they are refused. */
#include "tests/lib/unit.h"

#include "base/mem.h"
#include "host/sgx/sigstruct.h"
#include "tests/unit/sgx_vectors.h"

static const char *const g_names[] = {"sig1.sigstruct.bin", "test_enclave.sig", "le_prod_css.bin"};

static void load(struct sgx_sigstruct *s, const char *name) {
    static struct vector v;

    assert_true(cspan_read(SPAN_OF(*s), vector_load(&v, name), 0));
}

static void published_signatures_are_valid(void **state) {
    static struct sgx_sigstruct s;

    for (size_t i = 0; i < COUNT_OF(g_names); i++) {
        load(&s, g_names[i]);
        assert_string_equal(sigstruct_fault_text(sigstruct_check(&s)), "the signature is valid");
    }
}

static void every_changed_byte_is_refused(void **state) {
    static struct sgx_sigstruct s;
    static struct sgx_sigstruct changed;
    uint64_t seed = 1;

    for (size_t i = 0; i < COUNT_OF(g_names); i++) {
        load(&s, g_names[i]);
        for (size_t at = 0; at < sizeof(s); at++) {
            seed = wrap_add(wrap_mul(seed, 6364136223846793005u), 1442695040888963407u);
            changed = s;
            SPAN_OF(changed).p[at] ^= (uint8_t)(1u << (seed >> 61));
            if (sigstruct_check(&changed) == SIGSTRUCT_OK)
                fail_msg("%s: byte %zu changed and accepted", g_names[i], at);
        }
    }
}

static void each_fault_is_named(void **state) {
    static struct sgx_sigstruct good;
    static struct sgx_sigstruct s;

    load(&good, "sig1.sigstruct.bin");
    s = good;
    s.header2[4] ^= 1;
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_HEADER);
    s = good;
    s.vendor = 1;
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_VENDOR);
    s = good;
    s.exponent = 65537;
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_EXPONENT);
    s = good;
    s.reserved4[11] = 1;
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_RESERVED);
    s = good;
    s.q1[0] ^= 1;
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_QUOTIENT);
    s = good;
    s.isv_svn ^= 1;
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_SIGNATURE);
    mem_fill(s.signature, 0xff, sizeof(s.signature));
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_SIGNATURE);
    mem_zero(s.modulus, sizeof(s.modulus));
    assert_int_equal(sigstruct_check(&s), SIGSTRUCT_BAD_SIGNATURE);
}

static void secs_of(struct sgx_secs *secs, const struct sgx_sigstruct *s) {
    mem_zero(secs, sizeof(*secs));
    mem_copy(secs->mrenclave, s->enclave_hash, 32);
    sigstruct_mrsigner(s, secs->mrsigner);
    secs->attributes = s->attributes;
    secs->miscselect = s->miscselect;
}

static void enclave_must_be_the_signed_one(void **state) {
    static struct sgx_secs secs;
    static struct sgx_sigstruct s;

    load(&s, "sig1.sigstruct.bin");
    s.attribute_mask = (struct sgx_attributes){~0ull, ~(uint64_t)SGX_XFRM_AVX};
    s.miscmask = ~0u;
    secs_of(&secs, &s);
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OK);
    secs.attributes.xfrm ^= SGX_XFRM_AVX; /* not under the mask: the loader's choice */
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OK);
    secs.attributes.flags ^= SGX_ATTR_DEBUG;
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OTHER_ATTRIBUTES);
    secs_of(&secs, &s);
    secs.attributes.xfrm ^= SGX_XFRM_PKRU;
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OTHER_ATTRIBUTES);
    secs_of(&secs, &s);
    secs.miscselect ^= 1;
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OTHER_MISCSELECT);
    secs_of(&secs, &s);
    secs.mrenclave[31] ^= 1;
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OTHER_MEASUREMENT);
    secs_of(&secs, &s);
    secs.mrsigner[0] ^= 1;
    assert_int_equal(sigstruct_match(&s, &secs), SIGSTRUCT_OTHER_SIGNER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_signatures_are_valid),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(enclave_must_be_the_signed_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
