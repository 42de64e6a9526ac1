/* SPDX-License-Identifier: BSD-3-Clause
 *
 * With q1 = floor(s^2 / n) and q2 = floor(s * r1 / n), where r1 = s^2 - q1 n:
 *
 *   r1 = s^2  - q1 n   must be in [0, n)
 *   r2 = s r1 - q2 n   must be in [0, n), and is s^3 mod n
 *
 * so both quotients are proved by their remainders, and r2 must be the PKCS#1 v1.5 encoding of the
 * SHA-256 of the two signed parts. Every value here is public: nothing needs constant time.
 */
#include "host/sgx/sigstruct.h"

#include "base/mem.h"
#include "base/trap.h"

#define BIG_SIZE  384u
#define BIG_LIMBS (BIG_SIZE / 8)

struct big {
    uint64_t limb[BIG_LIMBS]; /* the lowest first */
};

struct wide {
    uint64_t limb[2 * BIG_LIMBS];
};

static const uint8_t g_header[16] = {6, 0, 0, 0, 0xe1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0};
static const uint8_t g_header2[16] = {1, 1, 0, 0, 0x60, 0, 0, 0, 0x60, 0, 0, 0, 1, 0, 0, 0};

/* DER of DigestInfo { sha256, NULL, OCTET STRING (32) }: what PKCS#1 puts before the digest. */
static const uint8_t g_digest_info[19] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                          0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                          0x01, 0x05, 0x00, 0x04, 0x20};

const char *sigstruct_fault_text(enum sigstruct_fault fault) {
    static const char *const texts[] = {
        [SIGSTRUCT_OK] = "the signature is valid",
        [SIGSTRUCT_BAD_HEADER] = "the signature structure does not start with the SGX header",
        [SIGSTRUCT_BAD_VENDOR] = "the vendor of the signature is neither 0 nor Intel",
        [SIGSTRUCT_BAD_EXPONENT] = "the exponent of the signing key is not 3",
        [SIGSTRUCT_BAD_RESERVED] = "reserved bytes of the signature structure are not zero",
        [SIGSTRUCT_BAD_QUOTIENT] = "the signature's quotients q1 and q2 do not fit its numbers",
        [SIGSTRUCT_BAD_SIGNATURE] = "the signature does not belong to what was signed",
        [SIGSTRUCT_OTHER_MEASUREMENT] = "the enclave's measurement is not the signed one",
        [SIGSTRUCT_OTHER_ATTRIBUTES] = "the enclave's attributes are not the signed ones",
        [SIGSTRUCT_OTHER_MISCSELECT] = "the enclave's MISCSELECT is not the signed one",
        [SIGSTRUCT_OTHER_SIGNER] = "the enclave's MRSIGNER is not the hash of the signing key",
    };

    return (size_t)fault < COUNT_OF(texts) ? texts[fault] : "unknown fault";
}

static void big_load(struct big *out, const uint8_t bytes[BIG_SIZE]) {
    for (unsigned i = 0; i < BIG_LIMBS; i++) {
        le64 v;
        mem_copy(&v, &bytes[8 * (size_t)i], sizeof(v));
        out->limb[i] = le64_get(v);
    }
}

static bool big_less(const struct big *a, const struct big *b) {
    for (unsigned i = BIG_LIMBS; i-- > 0;) {
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i];
    }
    return false;
}

static void big_mul(struct wide *out, const struct big *a, const struct big *b) {
    mem_zero(out, sizeof(*out));
    for (unsigned i = 0; i < BIG_LIMBS; i++) {
        uint64_t carry = 0;

        for (unsigned j = 0; j < BIG_LIMBS; j++) {
            unsigned __int128 sum = (unsigned __int128)a->limb[i] * b->limb[j];
            sum += out->limb[i + j];
            sum += carry;
            out->limb[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        out->limb[i + BIG_LIMBS] = carry;
    }
}

/* t -= limb * b, shifted up by `at` limbs; false if that is negative. */
static bool wide_sub_row(struct wide *t, uint64_t limb, const struct big *b, unsigned at) {
    uint64_t carry = 0;

    for (unsigned j = 0; j < BIG_LIMBS; j++) {
        unsigned __int128 product = (unsigned __int128)limb * b->limb[j] + carry;
        uint64_t *to = &t->limb[at + j];

        carry = (uint64_t)(product >> 64);
        carry += __builtin_sub_overflow(*to, (uint64_t)product, to);
    }
    for (unsigned i = at + BIG_LIMBS; i < 2 * BIG_LIMBS; i++)
        carry = __builtin_sub_overflow(t->limb[i], carry, &t->limb[i]);
    return carry == 0;
}

/* The low half, if the number is that small. */
static bool wide_low(struct big *out, const struct wide *t) {
    uint64_t high = 0;

    for (unsigned i = 0; i < BIG_LIMBS; i++) {
        out->limb[i] = t->limb[i];
        high |= t->limb[BIG_LIMBS + i];
    }
    return high == 0;
}

/* r = a * b - q * n; false unless it lies in [0, n). r may be a or b. The wide number fills much of
 * the frame that is allowed here, so it must not become part of its caller's. */
__attribute__((noinline)) static bool remainder_of(struct big *r, const struct big *a,
                                                   const struct big *b,
                                                   const uint8_t quotient[BIG_SIZE],
                                                   const struct big *n) {
    struct wide t;
    struct big q;

    big_load(&q, quotient);
    big_mul(&t, a, b);
    for (unsigned i = 0; i < BIG_LIMBS; i++) {
        if (!wide_sub_row(&t, q.limb[i], n, i))
            return false;
    }
    return wide_low(r, &t) && big_less(r, n);
}

/* Byte i, from the front, of 00 01 ff .. ff 00 DigestInfo digest. */
static uint8_t encoding_at(unsigned i, const uint8_t digest[SHA256_SIZE]) {
    const unsigned digest_at = BIG_SIZE - SHA256_SIZE;
    const unsigned info_at = digest_at - (unsigned)sizeof(g_digest_info);

    if (i >= digest_at)
        return digest[i - digest_at];
    if (i >= info_at)
        return g_digest_info[i - info_at];
    if (i == 0 || i == info_at - 1)
        return 0;
    return i == 1 ? 1 : 0xff;
}

static bool is_encoding_of(const struct big *r, const uint8_t digest[SHA256_SIZE]) {
    for (unsigned i = 0; i < BIG_SIZE; i++) {
        unsigned at = BIG_SIZE - 1 - i;
        if ((uint8_t)(r->limb[at / 8] >> (8 * (at % 8))) != encoding_at(i, digest))
            return false;
    }
    return true;
}

static void signed_digest(const struct sgx_sigstruct *s, uint8_t digest[SHA256_SIZE]) {
    struct sha256 h;
    cspan part1;
    cspan part2;

    CHECK(cspan_sub(&part1, CSPAN_OF(*s), 0, SGX_SIG_PART1_SIZE));
    CHECK(cspan_sub(&part2, CSPAN_OF(*s), SGX_SIG_PART2_OFFSET, SGX_SIG_PART2_SIZE));
    sha256_init(&h);
    sha256_update(&h, part1);
    sha256_update(&h, part2);
    sha256_final(&h, digest);
}

static enum sigstruct_fault check_signature(const struct sgx_sigstruct *s) {
    struct big n, sig, r;
    uint8_t digest[SHA256_SIZE];

    big_load(&n, s->modulus);
    big_load(&sig, s->signature);
    if (!big_less(&sig, &n))
        return SIGSTRUCT_BAD_SIGNATURE;
    if (!remainder_of(&r, &sig, &sig, s->q1, &n))
        return SIGSTRUCT_BAD_QUOTIENT;
    if (!remainder_of(&r, &sig, &r, s->q2, &n))
        return SIGSTRUCT_BAD_QUOTIENT;
    signed_digest(s, digest);
    return is_encoding_of(&r, digest) ? SIGSTRUCT_OK : SIGSTRUCT_BAD_SIGNATURE;
}

static bool all_zero(cspan s) {
    uint8_t any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= s.p[i];
    return any == 0;
}

enum sigstruct_fault sigstruct_check(const struct sgx_sigstruct *s) {
    if (!cspan_equal(CSPAN_OF(s->header), CSPAN_OF(g_header)) ||
        !cspan_equal(CSPAN_OF(s->header2), CSPAN_OF(g_header2)))
        return SIGSTRUCT_BAD_HEADER;
    if (s->vendor != 0 && s->vendor != 0x8086)
        return SIGSTRUCT_BAD_VENDOR;
    if (s->exponent != 3)
        return SIGSTRUCT_BAD_EXPONENT;
    if (!all_zero(CSPAN_OF(s->reserved1)) || !all_zero(CSPAN_OF(s->reserved2)) ||
        !all_zero(CSPAN_OF(s->reserved3)) || !all_zero(CSPAN_OF(s->reserved4)))
        return SIGSTRUCT_BAD_RESERVED;
    return check_signature(s);
}

void sigstruct_mrsigner(const struct sgx_sigstruct *s, uint8_t mrsigner[SHA256_SIZE]) {
    sha256_of(CSPAN_OF(s->modulus), mrsigner);
}

enum sigstruct_fault sigstruct_match(const struct sgx_sigstruct *s, const struct sgx_secs *secs) {
    const struct sgx_attributes *want = &s->attributes;
    const struct sgx_attributes *mask = &s->attribute_mask;
    uint8_t mrsigner[SHA256_SIZE];

    if (!mem_equal(secs->mrenclave, s->enclave_hash, SHA256_SIZE))
        return SIGSTRUCT_OTHER_MEASUREMENT;
    if (((secs->attributes.flags ^ want->flags) & mask->flags) != 0 ||
        ((secs->attributes.xfrm ^ want->xfrm) & mask->xfrm) != 0)
        return SIGSTRUCT_OTHER_ATTRIBUTES;
    if (((secs->miscselect ^ s->miscselect) & s->miscmask) != 0)
        return SIGSTRUCT_OTHER_MISCSELECT;
    sigstruct_mrsigner(s, mrsigner);
    if (!mem_equal(secs->mrsigner, mrsigner, SHA256_SIZE))
        return SIGSTRUCT_OTHER_SIGNER;
    return SIGSTRUCT_OK;
}
