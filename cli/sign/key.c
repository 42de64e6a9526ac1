/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A new key is written to a temporary file beside its place, flushed, and then linked to its name:
 * link fails if the name exists, and before it nothing is there that could be taken for a key.
 *
 * SIGSTRUCT's numbers are little-endian, OpenSSL's are turned here and nowhere else.
 */
#define _GNU_SOURCE
#include "cli/sign/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/mem.h"
#include "cli/say.h"

#define KEY_BITS     3072
#define KEY_SIZE     (KEY_BITS / 8)
#define KEY_EXPONENT 3
#define WANTED       "SGX enclaves are signed with RSA, 3072 bits, exponent 3: openssl genrsa -3 3072"

struct signing_key {
    EVP_PKEY *pkey;
    uint8_t modulus[KEY_SIZE]; /* little-endian */
};

static void pkey_free_p(EVP_PKEY **p) {
    EVP_PKEY_free(*p);
}

static void pkey_ctx_free_p(EVP_PKEY_CTX **p) {
    EVP_PKEY_CTX_free(*p);
}

static void md_ctx_free_p(EVP_MD_CTX **p) {
    EVP_MD_CTX_free(*p);
}

static void bn_free_p(BIGNUM **p) {
    BN_free(*p);
}

static void bn_ctx_free_p(BN_CTX **p) {
    BN_CTX_free(*p);
}

static void text_free_p(char **p) {
    free(*p);
}

static void file_close_p(FILE **f) {
    if (*f != NULL)
        (void)fclose(*f);
}

/* ---- making a key ---- */

static EVP_PKEY *pkey_generate(void) {
    OWNED(pkey_ctx_free_p) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OWNED(bn_free_p) BIGNUM *e = BN_new();
    EVP_PKEY *pkey = NULL;

    if (ctx == NULL || e == NULL || BN_set_word(e, KEY_EXPONENT) != 1 ||
        EVP_PKEY_keygen_init(ctx) != 1 || EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, KEY_BITS) != 1 ||
        EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) != 1 || EVP_PKEY_generate(ctx, &pkey) != 1)
        return NULL;
    return pkey;
}

/* Writes and flushes; the file was just made by mkstemp, with mode 0600. */
static err pkey_write(EVP_PKEY *pkey, int fd, const char *path) {
    OWNED(file_close_p) FILE *f = fdopen(fd, "w");

    if (f == NULL) {
        (void)close(fd);
        return complain_errno("cannot write the signing key %s", path);
    }
    if (PEM_write_PrivateKey(f, pkey, NULL, NULL, 0, NULL, NULL) != 1 || fflush(f) != 0 ||
        fsync(fileno(f)) != 0)
        return complain_errno("cannot write the signing key %s", path);
    return OK;
}

static err sync_parent(const char *path) {
    const char *slash = strrchr(path, '/');
    OWNED(text_free_p) char *dir = strndup(path, slash == NULL ? 0 : (size_t)(slash + 1 - path));
    int fd = -1;
    bool done;

    if (dir != NULL)
        fd = open(slash == NULL ? "." : dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return done ? OK : complain_errno("cannot flush the directory of %s", path);
}

static err publish(const char *temporary, const char *path) {
    if (link(temporary, path) == 0)
        return OK;
    if (errno == EEXIST)
        return complain_errno("the signing key %s is not replaced", path);
    return complain_errno("cannot create the signing key %s", path);
}

err key_create(const char *path) {
    OWNED(pkey_free_p) EVP_PKEY *pkey = NULL;
    OWNED(text_free_p) char *temporary = NULL;
    int fd;
    err e;

    if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return complain("not enough memory for the name of the signing key");
    pkey = pkey_generate();
    if (pkey == NULL)
        return complain("OpenSSL cannot generate an RSA key");
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return complain_errno("cannot create the signing key %s", path);
    e = pkey_write(pkey, fd, path);
    if (!failed(e))
        e = publish(temporary, path);
    (void)unlink(temporary);
    TRY(e);
    return sync_parent(path);
}

/* ---- reading a key ---- */

/* There is nobody to ask in a build. Notes that the file wants a passphrase and gives none. */
static int refuse_passphrase(char *buf, int size, int rwflag, void *asked) {
    *(bool *)asked = true;
    return -1;
}

static err pkey_read(EVP_PKEY **pkey, const char *path) {
    OWNED(file_close_p) FILE *f = fopen(path, "re");
    bool asked = false;

    if (f == NULL)
        return complain_errno("cannot read the signing key %s", path);
    *pkey = PEM_read_PrivateKey(f, NULL, refuse_passphrase, &asked);
    if (asked)
        return complain("the signing key %s wants a passphrase; give a key without one", path);
    if (*pkey == NULL)
        return complain("%s has no private key in PEM form", path);
    return OK;
}

/* OpenSSL's big-endian number of a key, or NULL. */
static BIGNUM *pkey_number(const EVP_PKEY *pkey, const char *name) {
    BIGNUM *n = NULL;

    return EVP_PKEY_get_bn_param(pkey, name, &n) == 1 ? n : NULL;
}

static err key_check(struct signing_key *key, const char *path) {
    OWNED(bn_free_p) BIGNUM *n = NULL;
    OWNED(bn_free_p) BIGNUM *e = NULL;

    if (EVP_PKEY_get_base_id(key->pkey) != EVP_PKEY_RSA)
        return complain("%s is not an RSA key; " WANTED, path);
    if (EVP_PKEY_get_bits(key->pkey) != KEY_BITS)
        return complain("%s is an RSA key of %d bits; " WANTED, path, EVP_PKEY_get_bits(key->pkey));
    n = pkey_number(key->pkey, OSSL_PKEY_PARAM_RSA_N);
    e = pkey_number(key->pkey, OSSL_PKEY_PARAM_RSA_E);
    if (e == NULL || !BN_is_word(e, KEY_EXPONENT))
        return complain("%s is an RSA key whose exponent is not 3; " WANTED, path);
    if (n == NULL || BN_bn2lebinpad(n, key->modulus, KEY_SIZE) != KEY_SIZE)
        return complain("%s has no usable modulus", path);
    return OK;
}

err key_load_any(struct signing_key **key, const char *path) {
    OWNED(key_free_p) struct signing_key *k = calloc(1, sizeof(*k));

    if (k == NULL)
        return complain("not enough memory for the signing key");
    TRY(pkey_read(&k->pkey, path));
    TRY(key_check(k, path));
    *key = GIVE(k);
    return OK;
}

err key_load(struct signing_key **key, const char *path) {
    OWNED(key_free_p) struct signing_key *k = NULL;
    uint8_t mrsigner[SHA256_SIZE];
    const char *owner;

    TRY(key_load_any(&k, path));
    key_mrsigner(k, mrsigner);
    owner = key_known(mrsigner);
    if (owner != NULL)
        return complain("%s is %s: anybody has it, so it identifies nobody; `occlum init` makes "
                        "a key for each project",
                        path, owner);
    *key = GIVE(k);
    return OK;
}

void key_free(struct signing_key *key) {
    if (key != NULL)
        EVP_PKEY_free(key->pkey);
    free(key);
}

void key_mrsigner(const struct signing_key *key, uint8_t mrsigner[SHA256_SIZE]) {
    sha256_of(CSPAN_OF(key->modulus), mrsigner);
}

/* ---- signing ---- */

/* RSA PKCS#1 v1.5 with SHA-256 over the two parts of SIGSTRUCT that are signed; big-endian. */
static bool sign_parts(EVP_PKEY *pkey, const struct sgx_sigstruct *s, uint8_t out[KEY_SIZE]) {
    OWNED(md_ctx_free_p) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    cspan part1;
    cspan part2;
    size_t size = KEY_SIZE;

    return ctx != NULL && cspan_sub(&part1, CSPAN_OF(*s), 0, SGX_SIG_PART1_SIZE) &&
           cspan_sub(&part2, CSPAN_OF(*s), SGX_SIG_PART2_OFFSET, SGX_SIG_PART2_SIZE) &&
           EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey) == 1 &&
           EVP_DigestSignUpdate(ctx, part1.p, part1.n) == 1 &&
           EVP_DigestSignUpdate(ctx, part2.p, part2.n) == 1 &&
           EVP_DigestSignFinal(ctx, out, &size) == 1 && size == KEY_SIZE;
}

/* q1 = floor(s^2 / n), q2 = floor(s (s^2 - q1 n) / n). */
static bool quotients(struct sgx_sigstruct *out, const BIGNUM *s, const BIGNUM *n) {
    OWNED(bn_ctx_free_p) BN_CTX *ctx = BN_CTX_new();
    OWNED(bn_free_p) BIGNUM *q = BN_new();
    OWNED(bn_free_p) BIGNUM *r = BN_new();

    return ctx != NULL && q != NULL && r != NULL && BN_sqr(r, s, ctx) == 1 &&
           BN_div(q, r, r, n, ctx) == 1 && BN_bn2lebinpad(q, out->q1, KEY_SIZE) == KEY_SIZE &&
           BN_mul(r, r, s, ctx) == 1 && BN_div(q, NULL, r, n, ctx) == 1 &&
           BN_bn2lebinpad(q, out->q2, KEY_SIZE) == KEY_SIZE;
}

err key_sign(const struct signing_key *key, struct sgx_sigstruct *s) {
    OWNED(bn_free_p) BIGNUM *n = BN_lebin2bn(key->modulus, KEY_SIZE, NULL);
    OWNED(bn_free_p) BIGNUM *sig = NULL;
    uint8_t bytes[KEY_SIZE];

    if (n == NULL || !sign_parts(key->pkey, s, bytes))
        return complain("OpenSSL cannot sign with this key");
    sig = BN_bin2bn(bytes, KEY_SIZE, NULL);
    if (sig == NULL || !quotients(s, sig, n) ||
        BN_bn2lebinpad(sig, s->signature, KEY_SIZE) != KEY_SIZE)
        return complain("OpenSSL cannot compute the quotients of the signature");
    mem_copy(s->modulus, key->modulus, KEY_SIZE);
    s->exponent = KEY_EXPONENT;
    return OK;
}
