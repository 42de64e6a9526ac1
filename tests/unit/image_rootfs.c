/* SPDX-License-Identifier: BSD-3-Clause
 * What the reader says about an image is what the source tree says, whatever layout mkfs.erofs
 * chose.
 */
#include "tests/unit/image_fixture.h"

#include "base/heap.h"

static const char *g_tree;
static struct memory_image g_image;

static int make_tree(void **state) {
    g_tree = fixture_dir();
    fixture_tree(g_tree, false, false);
    fixture_image(&g_image, g_tree);
    return 0;
}

static int free_tree(void **state) {
    fixture_image_free(&g_image);
    return 0;
}

static struct rootfs *open_image(struct memory_image *image) {
    struct rootfs *r = NULL;

    assert_int_equal(rootfs_open(&image->source, &image->params, &r).no, 0);
    return r;
}

static uint64_t lookup(struct rootfs *r, uint64_t dir, const char *name) {
    uint64_t nid = 0;

    assert_int_equal(rootfs_lookup(r, dir, cspan_of(name, strlen(name)), &nid).no, 0);
    return nid;
}

static void image_equals_its_source_tree(void **state) {
    struct rootfs *r = open_image(&g_image);

    fixture_compare(r, rootfs_root(r), g_tree);
    rootfs_close(r);
    assert_int_equal(heap_count().blocks, 0);
}

static void smallest_cache_gives_the_same(void **state) {
    struct memory_image image = g_image;
    struct rootfs *r;

    image.params.cache_size = 1;
    r = open_image(&image);
    fixture_compare(r, rootfs_root(r), g_tree);
    rootfs_close(r);
}

static void every_layout_of_mkfs_is_read(void **state) {
    static const char *const arguments[] = {
        "",
        "-Eforce-inode-extended",
        "-Enoinline_data",
        "--chunksize=4096",
        "--chunksize=65536",
        "--chunksize=65536 -Eforce-chunk-indexes",
    };

    for (size_t i = 0; i < COUNT_OF(arguments); i++) {
        struct memory_image image;
        struct rootfs *r;

        fixture_volume(&image, g_tree, arguments[i]);
        r = open_image(&image);
        fixture_compare(r, rootfs_root(r), g_tree);
        rootfs_close(r);
        fixture_image_free(&image);
    }
}

static void compact_inodes_carry_the_build_time(void **state) {
    struct memory_image image;
    struct rootfs_stat st;
    struct rootfs *r;

    fixture_volume(&image, g_tree, "-T1234567890");
    r = open_image(&image);
    assert_int_equal(rootfs_stat(r, lookup(r, rootfs_root(r), "size-4096"), &st).no, 0);
    assert_int_equal(st.mtime_sec, 1234567890);
    assert_int_equal(st.size, 4096);
    assert_int_equal(st.mode, 0100644);
    rootfs_close(r);
    fixture_image_free(&image);
}

static void compressed_volume_is_refused(void **state) {
    struct memory_image image;
    struct rootfs *r = NULL;

    fixture_volume(&image, g_tree, "-zlz4hc");
    assert_int_equal(rootfs_open(&image.source, &image.params, &r).no, EIO);
    assert_null(r);
    fixture_image_free(&image);
}

static void absent_names_are_not_found(void **state) {
    struct rootfs *r = open_image(&g_image);
    uint64_t root = rootfs_root(r), nid = 77;
    char longer[ROOTFS_NAME_MAX + 2];
    static const char *const absent[] = {"", "\x01", "size", "size-00", "zzzz", "\xff\xff", "man"};

    for (size_t i = 0; i < COUNT_OF(absent); i++) {
        cspan name = cspan_of(absent[i], strlen(absent[i]));

        assert_int_equal(rootfs_lookup(r, root, name, &nid).no, ENOENT);
        assert_int_equal(rootfs_lookup(r, lookup(r, root, "many"), name, &nid).no, ENOENT);
        assert_int_equal(rootfs_lookup(r, lookup(r, root, "size-1"), name, &nid).no, ENOTDIR);
    }
    memset(longer, 'x', sizeof(longer));
    assert_int_equal(rootfs_lookup(r, root, cspan_of(longer, 255), &nid).no, ENOENT);
    assert_int_equal(rootfs_lookup(r, root, cspan_of(longer, 256), &nid).no, ENAMETOOLONG);
    assert_int_equal(nid, 77);
    rootfs_close(r);
}

static void wrong_kind_of_file_is_refused(void **state) {
    struct rootfs *r = open_image(&g_image);
    uint64_t root = rootfs_root(r);
    struct rootfs_dirent entry;
    uint8_t byte;
    size_t done;
    cspan page;

    assert_int_equal(rootfs_read(r, root, 0, SPAN_OF(byte), &done).no, EISDIR);
    assert_int_equal(rootfs_page(r, root, 0, &page).no, EISDIR);
    assert_int_equal(rootfs_read(r, lookup(r, root, "fifo"), 0, SPAN_OF(byte), &done).no, EINVAL);
    assert_int_equal(rootfs_read(r, lookup(r, root, "link"), 0, SPAN_OF(byte), &done).no, EINVAL);
    assert_int_equal(rootfs_readlink(r, root, SPAN_OF(byte), &done).no, EINVAL);
    assert_int_equal(rootfs_readdir(r, lookup(r, root, "size-1"), 0, &entry).no, ENOTDIR);
    rootfs_close(r);
}

static void hard_links_are_one_inode(void **state) {
    struct rootfs *r = open_image(&g_image);

    assert_int_equal(lookup(r, rootfs_root(r), "twin"), lookup(r, rootfs_root(r), "size-4097"));
    rootfs_close(r);
}

static void positions_of_readdir_are_stable(void **state) {
    struct rootfs *r = open_image(&g_image);
    uint64_t many = lookup(r, rootfs_root(r), "many");
    struct rootfs_dirent entry, again;
    uint64_t pos = 0;

    for (;;) {
        assert_int_equal(rootfs_readdir(r, many, pos, &entry).no, 0);
        if (entry.name_size == 0)
            break;
        assert_int_equal(rootfs_readdir(r, many, entry.next, &again).no, 0);
        assert_int_equal(rootfs_readdir(r, many, pos, &again).no, 0);
        assert_string_equal(again.name, entry.name);
        pos = entry.next;
    }
    assert_int_equal(rootfs_readdir(r, many, UINT64_MAX, &entry).no, 0);
    assert_int_equal(entry.name_size, 0);
    for (pos = 0; pos < 9000; pos++)
        assert_int_equal(rootfs_readdir(r, many, pos, &entry).no, 0);
    rootfs_close(r);
}

static void wrong_nids_are_refused(void **state) {
    struct rootfs *r = open_image(&g_image);
    static const uint64_t bad[] = {UINT64_MAX, UINT64_MAX / 32, 1ull << 59, 1ull << 40};
    struct rootfs_stat st;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(rootfs_stat(r, bad[i], &st).no, EIO);
    for (uint64_t nid = 0; nid < 3000; nid++)
        (void)rootfs_stat(r, nid, &st).no;
    rootfs_close(r);
}

static void opening_reads_few_blocks(void **state) {
    struct block_cache *cache;
    struct rootfs *r = open_image(&g_image);
    cspan block;

    rootfs_close(r);
    assert_int_equal(block_cache_new(&g_image.source, &g_image.params, &cache).no, 0);
    assert_int_equal(block_get(cache, 0, &block).no, 0);
    assert_true(block_count(cache).host_reads <= 8);
    block_cache_free(cache);
}

static void missing_memory_at_every_step_is_an_error(void **state) {
    struct rootfs *r = NULL;
    uint64_t n = 0;

    for (;;) {
        err e;

        heap_fail_at(++n);
        e = rootfs_open(&g_image.source, &g_image.params, &r);
        heap_fail_at(0);
        if (!failed(e))
            break;
        assert_int_equal(e.no, ENOMEM);
        assert_int_equal(heap_count().blocks, 0);
    }
    assert_true(n > 3);
    rootfs_close(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_equals_its_source_tree),
        cmocka_unit_test(smallest_cache_gives_the_same),
        cmocka_unit_test(every_layout_of_mkfs_is_read),
        cmocka_unit_test(compact_inodes_carry_the_build_time),
        cmocka_unit_test(compressed_volume_is_refused),
        cmocka_unit_test(absent_names_are_not_found),
        cmocka_unit_test(wrong_kind_of_file_is_refused),
        cmocka_unit_test(hard_links_are_one_inode),
        cmocka_unit_test(positions_of_readdir_are_stable),
        cmocka_unit_test(wrong_nids_are_refused),
        cmocka_unit_test(opening_reads_few_blocks),
        cmocka_unit_test(missing_memory_at_every_step_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_tree, free_tree);
}
