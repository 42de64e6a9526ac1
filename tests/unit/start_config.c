/* SPDX-License-Identifier: BSD-3-Clause
 * A configuration is opened only if every array and every text of it lies inside its bytes.
 */
#include "tests/lib/unit.h"

#include "enclave/start/config.h"

/* Header, three strings, one mount, texts. */
struct image {
    struct config_header head;
    struct config_string strings[3];
    uint32_t pad;
    struct config_mount mount;
    char text[32];
};

static struct image g_image;
static struct config g_config;

static struct config_ref text(uint32_t at, uint32_t n) {
    return (struct config_ref){(uint32_t)offsetof(struct image, text) + at, n};
}

static int start(void **state) {
    g_image = (struct image){
        .head = {.magic = CONFIG_MAGIC,
                 .version = CONFIG_VERSION,
                 .total_size = sizeof(struct image),
                 .string_count = 3,
                 .mount_count = 1,
                 .strings_offset = offsetof(struct image, strings),
                 .mounts_offset = offsetof(struct image, mount)},
        .strings = {{CONFIG_ENTRY_POINT, text(0, 4)},
                    {CONFIG_ENV_DEFAULT, text(5, 3)},
                    {CONFIG_ENTRY_POINT, text(9, 4)}},
        .mount = {.kind = CONFIG_MOUNT_PROC,
                  .target = text(0, 4),
                  .source = text(4, 0),
                  .mac = text(31, 0)},
        .text = "/bin\0A=1\0/usr",
    };
    return 0;
}

static err open_it(void) {
    return config_open(CSPAN_OF(g_image), &g_config);
}

static void strings_are_counted_over_their_kind(void **state) {
    cspan s;

    assert_int_equal(open_it().no, 0);
    assert_true(config_string(&g_config, CONFIG_ENTRY_POINT, 0, &s));
    assert_true(cspan_equal(s, CSPAN_LIT("/bin")));
    assert_true(config_string(&g_config, CONFIG_ENTRY_POINT, 1, &s));
    assert_true(cspan_equal(s, CSPAN_LIT("/usr")));
    assert_false(config_string(&g_config, CONFIG_ENTRY_POINT, 2, &s));
    assert_true(config_string(&g_config, CONFIG_ENV_DEFAULT, 0, &s));
    assert_true(cspan_equal(s, CSPAN_LIT("A=1")));
    assert_false(config_string(&g_config, CONFIG_ENV_UNTRUSTED, 0, &s));
    assert_false(config_string(&g_config, CONFIG_ENTRY_POINT, UINT32_MAX, &s));
}

static void any_shorter_piece_is_refused(void **state) {
    for (size_t n = 0; n < sizeof(g_image); n++)
        assert_int_equal(config_open(cspan_of(&g_image, n), &g_config).no, EINVAL);
    assert_int_equal(open_it().no, 0);
}

/* Sets one number of the image to a value that must not pass. */
#define REFUSED(field, value)                                                                      \
    do {                                                                                           \
        start(NULL);                                                                               \
        (field) = (value);                                                                         \
        assert_int_equal(open_it().no, EINVAL);                                                    \
    } while (0)

static void every_broken_field_is_refused(void **state) {
    static const uint32_t beyond[] = {sizeof(struct image), sizeof(struct image) + 1, UINT32_MAX};

    REFUSED(g_image.head.magic, 1);
    REFUSED(g_image.head.version, CONFIG_VERSION + 1);
    REFUSED(g_image.head.total_size, 0);
    REFUSED(g_image.head.total_size, sizeof(struct config_header) - 1);
    REFUSED(g_image.head.total_size, sizeof(struct image) + 1);
    REFUSED(g_image.head.total_size, UINT32_MAX);
    REFUSED(g_image.head.string_count, 1000);
    REFUSED(g_image.head.string_count, UINT32_MAX);
    REFUSED(g_image.head.mount_count, 1000);
    REFUSED(g_image.head.mount_count, UINT32_MAX);
    REFUSED(g_image.strings[1].kind, 0);
    REFUSED(g_image.strings[1].kind, 4);
    REFUSED(g_image.mount.kind, 0);
    REFUSED(g_image.mount.kind, 8);
    REFUSED(g_image.strings[2].text.size, 3); /* no NUL behind it */
    for (size_t i = 0; i < COUNT_OF(beyond); i++) {
        REFUSED(g_image.head.strings_offset, beyond[i]);
        REFUSED(g_image.head.mounts_offset, beyond[i]);
        REFUSED(g_image.strings[0].text.offset, beyond[i]);
        REFUSED(g_image.strings[2].text.size, beyond[i]);
        REFUSED(g_image.mount.target.offset, beyond[i]);
        REFUSED(g_image.mount.source.size, beyond[i]);
        REFUSED(g_image.mount.mac.offset, beyond[i]);
    }
}

static void any_flipped_byte_is_refused_or_harmless(void **state) {
    for (size_t i = 0; i < sizeof(g_image) * 8; i++) {
        cspan s;
        start(NULL);
        ((uint8_t *)&g_image)[i / 8] ^= (uint8_t)(1u << i % 8);
        if (failed(open_it()))
            continue;
        for (uint32_t n = 0; n < 4; n++) {
            if (config_string(&g_config, CONFIG_ENTRY_POINT, n, &s))
                assert_true(s.n <= sizeof(g_image));
        }
    }
}

#define TEST(f) cmocka_unit_test_setup(f, start)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(strings_are_counted_over_their_kind),
        TEST(any_shorter_piece_is_refused),
        TEST(every_broken_field_is_refused),
        TEST(any_flipped_byte_is_refused_or_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
