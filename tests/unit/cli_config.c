/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Occlum.json: what is accepted, what exactly is said about what is not, and that each value
 * reaches the measured form.
 */
#include "tests/lib/unit.h"

#include "cli/config/config.h"
#include "cli/config/flat.h"

/* What config_parse did with a text. */
struct outcome {
    int no;
    struct config *config;
    char *messages;
};

static void outcome_free(struct outcome *o) {
    config_free(o->config);
    free(o->messages);
}

static struct outcome parse_bytes(const char *text, size_t size) {
    struct outcome o = {0};
    size_t n = 0;
    FILE *out = open_memstream(&o.messages, &n);

    assert_non_null(out);
    o.no = config_parse(&o.config, text, size, "Occlum.json", out).no;
    fclose(out);
    return o;
}

static struct outcome parse(const char *text) {
    return parse_bytes(text, strlen(text));
}

struct bad_case {
    const char *text, *message;
};

static const struct bad_case g_bad_cases[] = {
    {"", "1:1: '[' or '{' expected near end of file"},
    {"[]", "1:1: the file must be an object, not a list"},
    {"{\"env\":\n  {]}", "2:4: string or '}' expected near ']'"},
    {"{} x", "1:4: end of file expected near 'x'"},
    {"{\"env\": {},\n \"env\": {}}", "2:2: duplicate object key near '\"env\"'"},
    {"{\"resource_limits\": {\n  \"user_space_sise\": \"1MB\"}}",
     "2:3: unknown key \"user_space_sise\" in resource_limits; did you mean "
     "\"user_space_size\"?"},
    {"{\"resource_limits\": {\"default_heap_size\": \"1MB\"}}",
     "1:22: unknown key \"default_heap_size\" in resource_limits; it belongs into process"},
    {"{\"entry_point\": []}",
     "1:2: unknown key \"entry_point\" in the file; did you mean \"entry_points\"?"},
    {"{\"\\u00e4\\\"b\": 1, \"xyzzyx\": {\"a\": [{}, \"]\"]}}",
     "1:2: unknown key \"\303\244\"b\" in the file\nOcclum.json:1:18: unknown key \"xyzzyx\" "
     "in the file"},
    {"{\"metadata\": {\"family_id\": {\"hihg\": \"0x1\"}}}",
     "1:29: unknown key \"hihg\" in metadata.family_id; did you mean \"high\"?"},
    {"{\"process\": []}", "1:13: process must be an object, not a list"},
    {"{\"resource_limits\": {\"user_space_size\": 300}}",
     "1:41: resource_limits.user_space_size must be a size such as \"32MB\", not an integer"},
    {"{\"resource_limits\": {\"user_space_size\": null}}",
     "1:41: resource_limits.user_space_size must be a size such as \"32MB\", not null"},
    {"{\"resource_limits\": {\"user_space_size\": \"300M\"}}",
     "1:41: resource_limits.user_space_size: \"300M\" is no size; write an integer and B, KB, "
     "MB, GB or TB"},
    {"{\"resource_limits\": {\"user_space_size\": \"-1MB\"}}",
     "1:41: resource_limits.user_space_size: \"-1MB\" is no size; write an integer and B, KB, "
     "MB, GB or TB"},
    {"{\"resource_limits\": {\"user_space_size\": \"99999999999TB\"}}",
     "1:41: resource_limits.user_space_size: \"99999999999TB\" does not fit 64 bits"},
    {"{\"resource_limits\": {\"user_space_size\": \"1TB\"}}",
     "1:41: resource_limits.user_space_size is out of range: from 1MB to 192GB"},
    {"{\"resource_limits\": {\"user_space_size\": \"1048577B\"}}",
     "1:41: resource_limits.user_space_size must be a multiple of 4KB"},
    {"{\"process\": {\"default_stack_size\": \"4KB\"}}",
     "1:36: process.default_stack_size is out of range: from 64KB to 8GB"},
    {"{\"process\": {\"default_stack_size\": \"400MB\"}}",
     "1:14: process.default_stack_size does not fit resource_limits.user_space_size"},
    {"{\"resource_limits\": {\"max_num_of_threads\": 0}}",
     "1:44: resource_limits.max_num_of_threads is out of range: from 1 to 100000"},
    {"{\"resource_limits\": {\"max_num_of_threads\": -3}}",
     "1:44: resource_limits.max_num_of_threads is out of range: from 1 to 100000"},
    {"{\"resource_limits\": {\"max_num_of_threads\": 1.5}}",
     "1:44: resource_limits.max_num_of_threads must be an integer, not a number with a "
     "fraction"},
    {"{\"resource_limits\": {\"max_num_of_threads\": 99999999999999999999}}",
     "1:44: too big integer near '99999999999999999999'"},
    {"{\"resource_limits\": {\"init_num_of_threads\": 64}}",
     "1:22: resource_limits.init_num_of_threads is larger than max_num_of_threads"},
    {"{\"resource_limits\": {\"user_space_size\": \"16MB\", \"user_space_max_size\": \"8MB\"}}",
     "1:49: resource_limits.user_space_max_size is smaller than user_space_size"},
    {"{\"metadata\": {\"debuggable\": 1}}",
     "1:29: metadata.debuggable must be true or false, not an integer"},
    {"{\"metadata\": {\"product_id\": 65536}}",
     "1:29: metadata.product_id is out of range: from 0 to 65535"},
    {"{\"metadata\": {\"family_id\": {\"low\": \"12\"}}}",
     "1:36: metadata.family_id.low: \"12\" is no hexadecimal number such as \"0x1f\""},
    {"{\"feature\": {\"io_uring\": 17}}", "1:26: feature.io_uring is out of range: from 0 to 16"},
    {"{\"entry_points\": []}", "1:18: entry_points has 0 elements; allowed are 1 to 256"},
    {"{\"entry_points\": \"/bin\"}", "1:18: entry_points must be a list, not a string"},
    {"{\"entry_points\": [1]}", "1:19: entry_points must be a list of strings, not an integer"},
    {"{\"entry_points\": [\"/bin\", \"bin\"]}",
     "1:27: \"bin\" in entry_points must be an absolute path"},
    {"{\"entry_points\": [\"/bin/../etc\"]}",
     "1:19: \"/bin/../etc\" in entry_points must not contain a \"..\" component"},
    {"{\"entry_points\": [\"/..\"]}",
     "1:19: \"/..\" in entry_points must not contain a \"..\" component"},
    {"{\"entry_points\": [\"/a\", \"/a\"]}", "1:25: \"/a\" in entry_points is given twice"},
    {"{\"env\": {\"default\": [\"A\"]}}",
     "1:22: \"A\" in env.default must have the form NAME=value"},
    {"{\"env\": {\"default\": [\"=x\"]}}",
     "1:22: \"=x\" in env.default must have the form NAME=value"},
    {"{\"env\": {\"default\": [\"A=1\", \"A=2\"]}}", "1:29: \"A=2\" in env.default is given twice"},
    {"{\"env\": {\"untrusted\": [\"A=1\"]}}",
     "1:24: \"A=1\" in env.untrusted must be the name of a variable"},
    {"{\"env\": {\"untrusted\": [\"\"]}}",
     "1:24: \"\" in env.untrusted must be the name of a variable"},
    {"{\"mount\": []}", "1:11: mount has 0 elements; allowed are 1 to 64"},
    {"{\"mount\": [{\"target\": \"/a\", \"type\": \"ramfs\"}]}",
     "1:11: mount has no entry for \"/\""},
    {"{\"mount\": [{\"type\": \"ramfs\"}]}", "1:12: this mount has no \"target\""},
    {"{\"mount\": [{\"target\": \"/\"}]}", "1:12: this mount has no \"type\""},
    {"{\"mount\": [{\"target\": \"a\", \"type\": \"ramfs\"}]}",
     "1:23: target \"a\" must be an absolute path without \"..\""},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"hostsf\"}]}",
     "1:36: unknown file system \"hostsf\"; did you mean \"hostfs\"?"},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"btrfs\", \"sourc\": \".\"}]}",
     "1:36: unknown file system \"btrfs\"; there are unionfs, sefs, hostfs, ramfs, ext2, "
     "procfs and devfs\n"
     "Occlum.json:1:45: unknown key \"sourc\" in a mount; did you mean \"source\"?"},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"hostfs\"}]}",
     "1:12: hostfs needs a \"source\": the directory of the host"},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"unionfs\"}]}",
     "1:12: unionfs needs the option \"layers\""},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"unionfs\", \"options\": {\"layers\": []}}]}",
     "1:69: a unionfs has two layers, the image and the writable one, not 0"},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"ramfs\", \"options\": {\"MAC\": \"\"}}]}",
     "1:64: this file system has no option \"MAC\""},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"options\": {\"cache_size\": "
     "\"64KB\"}}]}",
     "1:70: cache_size must be at least 192KB and a multiple of 4KB"},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"ext2\"}]}",
     "1:12: ext2 needs the option \"disk_size\""},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"options\": {\"MAC\": \"\", "
     "\"temporary\": true}}]}",
     "1:80: a mount with a MAC cannot be temporary"},
    {"{\"mount\": [{\"target\": \"/\", \"type\": \"ramfs\"}, {\"target\": \"/\", \"type\": "
     "\"ramfs\"}]}",
     "1:57: \"/\" is mounted twice"},
};

static void each_fault_is_reported_at_its_place(void **state) {
    size_t wrong = 0;

    for (size_t i = 0; i < COUNT_OF(g_bad_cases); i++) {
        struct outcome o = parse(g_bad_cases[i].text);
        char expected[1024];

        snprintf(expected, sizeof(expected), "Occlum.json:%s\n", g_bad_cases[i].message);
        if (o.no != EINVAL || o.config != NULL || strcmp(o.messages, expected) != 0) {
            print_error("%s\n  err  %d\n  got  %s  want %s", g_bad_cases[i].text, o.no, o.messages,
                        expected);
            wrong++;
        }
        outcome_free(&o);
    }
    assert_int_equal(wrong, 0);
}

static void all_faults_of_a_file_are_reported_at_once(void **state) {
    struct outcome o = parse("{\"process\": {\"a\": 1},\n \"env\": {\"b\": 2},\n \"c\": 3}");

    assert_string_equal(o.messages, "Occlum.json:1:14: unknown key \"a\" in process\n"
                                    "Occlum.json:2:10: unknown key \"b\" in env\n"
                                    "Occlum.json:3:2: unknown key \"c\" in the file\n");
    outcome_free(&o);
}

static void a_flood_of_faults_is_cut(void **state) {
    char text[1024] = "{\"a0\": 0";
    size_t n = strlen(text);

    for (int i = 1; i < 30; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, ",\n\"a%d\": 0", i);
    snprintf(text + n, sizeof(text) - n, "}");
    struct outcome o = parse(text);
    assert_non_null(strstr(o.messages, "Occlum.json:20:1: unknown key \"a19\" in the file\n"
                                       "Occlum.json: and 10 more\n"));
    outcome_free(&o);
}

static void columns_count_characters_not_bytes(void **state) {
    struct outcome o = parse("{\"env\": {\"default\": [\"\303\244=\303\244\", \"x\"]}}");

    assert_string_equal(o.messages,
                        "Occlum.json:1:29: \"x\" in env.default must have the form NAME=value\n");
    outcome_free(&o);
}

/* jansson takes a NUL for the end of a number or word and goes on. */
static void a_nul_byte_is_a_fault(void **state) {
    static const char text[] = "{\"feature\": {\"amx\": 0\0}}";
    struct outcome o = parse_bytes(text, sizeof(text) - 1);

    assert_string_equal(o.messages, "Occlum.json:1:22: a NUL byte\n");
    outcome_free(&o);
}

static struct config *good(const char *text) {
    struct outcome o = parse(text);

    if (o.no != 0)
        fail_msg("%s: %s", text, o.messages);
    free(o.messages);
    return o.config;
}

static void flat_of(const char *text, uint8_t **bytes, size_t *size) {
    struct config *c = good(text);
    struct rootfs_trailer rootfs = {.data_blocks = 7, .tree_blocks = 2, .root_hash = {1, 2, 3}};

    assert_int_equal(flat_write(bytes, size, c, &rootfs).no, 0);
    config_free(c);
}

static char *template_text(void) {
    static char text[65536];
    FILE *f = fopen(OCCLUM_TEMPLATE, "r");

    assert_non_null(f);
    text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
    fclose(f);
    return text;
}

static char *notes_of(const char *text) {
    struct config *c = good(text);
    char *notes = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&notes, &n);

    config_notes(c, "Occlum.json", out);
    fclose(out);
    config_free(c);
    return notes;
}

static void what_is_not_served_is_said_once(void **state) {
    static const struct bad_case cases[] = {
        {"{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\"}]}", ""},
        {"{\"mount\": [{\"target\": \"/\", \"type\": \"ramfs\"}]}",
         "Occlum.json:1:12: warning: ramfs is not served in this version: \"/\" is the image\n"},
        {"{\"feature\": {\"amx\": 1}, \"mount\": [{\"target\": \"/\", \"type\": \"sefs\"},\n"
         "{\"target\": \"/tmp\", \"type\": \"ramfs\"},\n"
         "{\"target\": \"/data\", \"type\": \"hostfs\", \"source\": \"d\"}]}",
         "Occlum.json:3:1: warning: hostfs is not served in this version: programs see what the "
         "image has at /data\n"
         "Occlum.json:1:14: warning: feature.amx is not served in this version: programs see no "
         "AMX\n"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *notes = notes_of(cases[i].text);

        assert_string_equal(notes, cases[i].message);
        free(notes);
    }
}

static void the_template_says_what_the_defaults_are(void **state) {
    uint8_t *a, *b;
    size_t an, bn;

    flat_of(template_text(), &a, &an);
    flat_of("{}", &b, &bn);
    assert_int_equal(an, bn);
    assert_memory_equal(a, b, an);
    free(a);
    free(b);
}

static void defaults_are_those_of_the_original(void **state) {
    struct config *c = good("{}");

    assert_true(c->number[KEY_resource_limits_user_space_size] == 300ull << 20);
    assert_true(c->number[KEY_resource_limits_user_space_max_size] == 300ull << 20);
    assert_true(c->number[KEY_resource_limits_max_num_of_threads] == 32);
    assert_true(c->number[KEY_metadata_debuggable] == 1);
    assert_true(c->number[KEY_metadata_disable_log] == 0);
    assert_int_equal(c->text_count, 3);
    assert_string_equal(c->texts[0].text, "/bin");
    assert_int_equal(c->mount_count, 6); /* "/", its two layers, /host, /proc, /dev */
    assert_int_equal(c->mounts[4].kind, CONFIG_MOUNT_PROC);
    assert_int_equal(c->mounts[5].kind, CONFIG_MOUNT_DEV);
    config_free(c);
}

static void historical_keys_are_accepted(void **state) {
    config_free(good("{\"resource_limits\": {\"marshal_buffer_size\": \"1MB\"}, "
                     "\"process\": {\"default_mmap_size\": \"80MB\"}, "
                     "\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"source\": \"x\", "
                     "\"options\": {\"integrity_only\": true, \"MAC\": \"\"}}]}"));
}

static void a_log_is_kept_only_while_debuggable_unless_said_otherwise(void **state) {
    struct config *c = good("{\"metadata\": {\"debuggable\": false}}");

    assert_true(c->number[KEY_metadata_disable_log] == 1);
    config_free(c);
    c = good("{\"metadata\": {\"debuggable\": false, \"disable_log\": false}}");
    assert_true(c->number[KEY_metadata_disable_log] == 0);
    config_free(c);
}

/* A change of each scalar key, whatever it is, must change the measured bytes. */
static void every_number_reaches_the_flat_form(void **state) {
    struct config *c = good("{}");
    struct rootfs_trailer rootfs = {0};
    uint8_t *a, *b;
    size_t an, bn;

    assert_int_equal(flat_write(&a, &an, c, &rootfs).no, 0);
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (key == KEY_root_entry_points || key == KEY_root_mount || key == KEY_env_default ||
            key == KEY_env_untrusted)
            continue;
        c->number[key] ^= 1;
        assert_int_equal(flat_write(&b, &bn, c, &rootfs).no, 0);
        if (an == bn && memcmp(a, b, an) == 0)
            fail_msg("key %u is not in the flat form", key);
        c->number[key] ^= 1;
        free(b);
    }
    free(a);
    config_free(c);
}

static void every_list_and_mount_option_reaches_the_flat_form(void **state) {
    static const char *const texts[] = {
        "{}",
        "{\"entry_points\": [\"/\"]}",
        "{\"entry_points\": [\"/bin\", \"/\"]}",
        "{\"env\": {\"default\": [\"OCCLUM=no\"]}}",
        "{\"env\": {\"untrusted\": [\"OCCLUM\"]}}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"ramfs\"}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\"}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"source\": \"a\"}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"options\": {\"MAC\": \"\"}}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"options\": {\"MAC\": \"aa\"}}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"options\": {\"temporary\": "
        "true}}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"sefs\", \"options\": {\"cache_size\": "
        "\"1MB\"}}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"ext2\", \"options\": {\"disk_size\": "
        "\"5GB\"}}]}",
        "{\"mount\": [{\"target\": \"/\", \"type\": \"ext2\", \"options\": {\"disk_size\": "
        "\"6GB\"}}]}",
    };
    uint8_t *flats[COUNT_OF(texts)];
    size_t sizes[COUNT_OF(texts)];

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        flat_of(texts[i], &flats[i], &sizes[i]);
        for (size_t j = 0; j < i; j++) {
            if (sizes[i] == sizes[j] && memcmp(flats[i], flats[j], sizes[i]) == 0)
                fail_msg("%s and %s give the same bytes", texts[i], texts[j]);
        }
    }
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        free(flats[i]);
}

static void the_flat_form_points_at_its_strings(void **state) {
    struct config_header h;
    uint8_t *bytes;
    size_t size;

    flat_of("{\"env\": {\"default\": [\"A=b c\"]}}", &bytes, &size);
    memcpy(&h, bytes, sizeof(h));
    assert_true(h.magic == CONFIG_MAGIC);
    assert_int_equal(h.total_size, size);
    assert_int_equal(h.rootfs_hash[2], 3);
    assert_true(h.strings_offset + h.string_count * sizeof(struct config_string) <=
                h.mounts_offset);
    for (uint32_t i = 0; i < h.string_count; i++) {
        struct config_string s;

        memcpy(&s, bytes + h.strings_offset + i * sizeof(s), sizeof(s));
        assert_true(s.text.offset + s.text.size < size);
        assert_int_equal(bytes[s.text.offset + s.text.size], 0);
        if (s.kind == CONFIG_ENV_DEFAULT)
            assert_string_equal((char *)bytes + s.text.offset, "A=b c");
    }
    free(bytes);
}

static void layout_and_order_of_the_file_do_not_matter(void **state) {
    uint8_t *a, *b;
    size_t an, bn;

    flat_of("{\"process\": {\"default_stack_size\": \"1MB\"}, \"metadata\": {\"product_id\": 3}}",
            &a, &an);
    flat_of("{\n\"metadata\":{\"product_id\":3},\"process\":{\"default_stack_size\":\"1024 "
            "KB\"}}",
            &b, &bn);
    assert_int_equal(an, bn);
    assert_memory_equal(a, b, an);
    free(a);
    free(b);
}

static void a_cut_file_is_never_accepted(void **state) {
    const char *text = template_text();
    size_t end = strlen(text);

    while (end > 0 && text[end - 1] != '}')
        end--;
    for (size_t n = 0; n < end; n++) {
        struct outcome o = parse_bytes(text, n);

        assert_int_equal(o.no, EINVAL);
        outcome_free(&o);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_reported_at_its_place),
        cmocka_unit_test(all_faults_of_a_file_are_reported_at_once),
        cmocka_unit_test(a_flood_of_faults_is_cut),
        cmocka_unit_test(columns_count_characters_not_bytes),
        cmocka_unit_test(a_nul_byte_is_a_fault),
        cmocka_unit_test(what_is_not_served_is_said_once),
        cmocka_unit_test(the_template_says_what_the_defaults_are),
        cmocka_unit_test(defaults_are_those_of_the_original),
        cmocka_unit_test(historical_keys_are_accepted),
        cmocka_unit_test(a_log_is_kept_only_while_debuggable_unless_said_otherwise),
        cmocka_unit_test(every_number_reaches_the_flat_form),
        cmocka_unit_test(every_list_and_mount_option_reaches_the_flat_form),
        cmocka_unit_test(the_flat_form_points_at_its_strings),
        cmocka_unit_test(layout_and_order_of_the_file_do_not_matter),
        cmocka_unit_test(a_cut_file_is_never_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
