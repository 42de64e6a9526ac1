/* SPDX-License-Identifier: BSD-3-Clause
 * A project's key is made once and kept, only keys that can sign enclaves are taken, and what a
 * key signs is what others sign with it. */
#define _GNU_SOURCE
#include "tests/lib/unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/mem.h"
#include "cli/sign/key.h"
#include "host/sgx/sigstruct.h"
#include "tests/unit/sgx_vectors.h"
#include "tests/unit/sign_said.h"

static char g_dir[] = "/tmp/sign_key.XXXXXX";
static char g_path[64];

static const char *file_in_dir(const char *name) {
    (void)snprintf(g_path, sizeof(g_path), "%s/%s", g_dir, name);
    return g_path;
}

static const char *vector_key(void) {
    static char path[512];

    (void)snprintf(path, sizeof(path), "%s/sigstruct/sig1.key.pem", getenv("TEST_VECTORS"));
    return path;
}

static void write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "we");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void write_key(const char *path, EVP_PKEY *pkey, const EVP_CIPHER *cipher) {
    FILE *f = fopen(path, "we");
    char passphrase[] = "secret";

    assert_non_null(f);
    assert_non_null(pkey);
    assert_int_equal(
        PEM_write_PrivateKey(f, pkey, cipher, NULL, 0, NULL, cipher == NULL ? NULL : passphrase),
        1);
    assert_int_equal(fclose(f), 0);
    EVP_PKEY_free(pkey);
}

static void made_key_is_private_and_loads(void **state) {
    const char *path = file_in_dir("new.pem");
    struct signing_key *key = NULL;
    struct stat st;

    assert_done(key_create(path));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_nlink, 1); /* the temporary name is gone */
    assert_done(key_load(&key, path));
    key_free(key);
}

static void existing_file_is_never_replaced(void **state) {
    const char *path = file_in_dir("mine.pem");
    char text[16] = {0};
    FILE *f;

    write_text(path, "precious");
    assert_int_equal(key_create(path).no, EEXIST);
    f = fopen(path, "re");
    assert_non_null(f);
    assert_non_null(fgets(text, sizeof(text), f));
    assert_int_equal(fclose(f), 0);
    assert_string_equal(text, "precious");
}

static void missing_directory_is_named(void **state) {
    assert_said(key_create(file_in_dir("no/where.pem")), "no/where.pem");
}

static void unusable_keys_are_refused_with_the_reason(void **state) {
    struct signing_key *key = NULL;
    const char *path = file_in_dir("bad.pem");

    assert_said(key_load(&key, file_in_dir("absent.pem")), "cannot read the signing key");
    path = file_in_dir("bad.pem");
    write_text(path, "no key at all\n");
    assert_said(key_load(&key, path), "has no private key in PEM form");
    write_key(path, EVP_EC_gen("P-256"), NULL);
    assert_said(key_load(&key, path), "is not an RSA key");
    write_key(path, EVP_RSA_gen(2048), NULL);
    assert_said(key_load(&key, path), "is an RSA key of 2048 bits");
    write_key(path, EVP_RSA_gen(3072), NULL);
    assert_said(key_load(&key, path), "exponent is not 3");
    write_key(path, EVP_EC_gen("P-256"), EVP_aes_128_cbc());
    assert_said(key_load(&key, path), "wants a passphrase");
    assert_null(key);
}

static void public_sample_keys_are_refused(void **state) {
    static const uint8_t fortanix_start[SHA256_SIZE] = {0x9a, 0xff, 0xcf, 0xae};
    struct signing_key *key = NULL;
    uint8_t mrsigner[SHA256_SIZE];

    assert_said(key_load(&key, vector_key()), "anybody has it");
    assert_null(key);
    assert_done(key_load_any(&key, vector_key()));
    key_mrsigner(key, mrsigner);
    assert_non_null(key_known(mrsigner));
    assert_null(key_known(fortanix_start));
    key_free(key);
}

static void signature_equals_the_published_one(void **state) {
    static struct vector v;
    static struct sgx_sigstruct published;
    static struct sgx_sigstruct ours;
    struct signing_key *key = NULL;

    assert_true(cspan_read(SPAN_OF(published), vector_load(&v, "sig1.sigstruct.bin"), 0));
    assert_done(key_load_any(&key, vector_key()));
    ours = published;
    mem_zero(ours.modulus, sizeof(ours.modulus));
    mem_zero(ours.signature, sizeof(ours.signature));
    mem_zero(ours.q1, sizeof(ours.q1));
    mem_zero(ours.q2, sizeof(ours.q2));
    ours.exponent = 0;
    assert_done(key_sign(key, &ours));
    assert_memory_equal(&ours, &published, sizeof(ours));
    assert_int_equal(sigstruct_check(&ours), SIGSTRUCT_OK);
    key_free(key);
}

static int make_dir(void **state) {
    return mkdtemp(g_dir) == NULL;
}

static int remove_dir(void **state) {
    static const char *const names[] = {"new.pem", "mine.pem", "bad.pem"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        (void)unlink(file_in_dir(names[i]));
    return rmdir(g_dir); /* fails if something else was left there */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_key_is_private_and_loads),
        cmocka_unit_test(existing_file_is_never_replaced),
        cmocka_unit_test(missing_directory_is_named),
        cmocka_unit_test(unusable_keys_are_refused_with_the_reason),
        cmocka_unit_test(public_sample_keys_are_refused),
        cmocka_unit_test(signature_equals_the_published_one),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
