/* SPDX-License-Identifier: BSD-3-Clause
 * Both SHA-256 kernels agree with the standard's examples and with OpenSSL, however the message is
 * cut into updates. */
#include "tests/lib/unit.h"

#include <openssl/evp.h>

#include "base/mem.h"
#include "base/sha256.h"

static bool cpu_has_sha(void) {
    unsigned a = 7, b, c = 0, d;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b >> 29 & 1) != 0;
}

/* xorshift64*: the same data in every run. */
static uint64_t g_seed;

static uint64_t next_random(void) {
    g_seed ^= g_seed >> 12;
    g_seed ^= g_seed << 25;
    g_seed ^= g_seed >> 27;
    return wrap_mul(g_seed, 0x2545f4914f6cdd1dull);
}

static void assert_hex(const uint8_t digest[32], const char *hex) {
    char text[65];

    for (size_t i = 0; i < 32; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(text, hex);
}

static void standard_examples(void **state) {
    uint8_t out[32];
    struct sha256 h;
    static uint8_t a[1000];

    sha256_of(CSPAN_LIT("abc"), out);
    assert_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256_of((cspan){NULL, 0}, out);
    assert_hex(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_of(CSPAN_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), out);
    assert_hex(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    mem_fill(a, 'a', sizeof(a));
    sha256_init(&h);
    for (int i = 0; i < 1000; i++)
        sha256_update(&h, CSPAN_OF(a));
    sha256_final(&h, out);
    assert_hex(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void random_pieces_agree_with_openssl(void **state) {
    static uint8_t data[4096 + 7];
    uint8_t expected[32];
    uint8_t out[32];

    g_seed = 42;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)next_random();
    for (unsigned round = 0; round < 2000; round++) {
        size_t start = next_random() % 8;
        size_t n = round < 200 ? round : next_random() % 4096;
        size_t done = 0;
        struct sha256 h;

        sha256_init(&h);
        while (done < n) {
            size_t part = next_random() % 200;
            part = part < n - done ? part : n - done;
            sha256_update(&h, cspan_of(data + start + done, part));
            done += part;
        }
        sha256_final(&h, out);
        assert_int_equal(EVP_Digest(data + start, n, expected, NULL, EVP_sha256(), NULL), 1);
        assert_memory_equal(out, expected, 32);
    }
}

static void final_leaves_nothing_of_the_message(void **state) {
    static const struct sha256 zero;
    struct sha256 h;
    uint8_t out[32];

    sha256_init(&h);
    sha256_update(&h, CSPAN_LIT("secret"));
    sha256_final(&h, out);
    assert_memory_equal(&h, &zero, sizeof(h));
}

static int portable_kernel(void **state) {
    sha256_use_ni(false);
    return 0;
}

static int ni_kernel(void **state) {
    sha256_use_ni(true);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standard_examples),
        cmocka_unit_test(random_pieces_agree_with_openssl),
        cmocka_unit_test(final_leaves_nothing_of_the_message),
    };
    int bad = cmocka_run_group_tests_name("portable", tests, portable_kernel, NULL);

    if (!cpu_has_sha()) {
        print_message("no SHA extensions on this CPU: the NI kernel is not tested\n");
        return bad;
    }
    return bad + cmocka_run_group_tests_name("ni", tests, ni_kernel, portable_kernel);
}
