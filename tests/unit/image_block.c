/* SPDX-License-Identifier: BSD-3-Clause
 * Whatever the host does to the image, a block is either right or EIO, and a block that was right
 * once is not read again.
 */
#include "tests/unit/image_fixture.h"

#include "base/heap.h"

#define FLIPS 3000

static struct memory_image g_image;
static struct walk g_right;

static int make_image(void **state) {
    const char *tree = fixture_dir();
    struct rootfs *r = NULL;

    fixture_tree(tree, true, false);
    fixture_image(&g_image, tree);
    assert_int_equal(rootfs_open(&g_image.source, &g_image.params, &r).no, 0);
    fixture_walk(r, &g_right);
    assert_int_equal(g_right.failures, 0);
    rootfs_close(r);
    return 0;
}

static int free_image(void **state) {
    fixture_image_free(&g_image);
    return 0;
}

static struct block_cache *open_cache(struct block_source *source) {
    struct block_cache *cache = NULL;

    assert_int_equal(block_cache_new(source, &g_image.params, &cache).no, 0);
    return cache;
}

/* Every data block is right or EIO; returns how many are EIO. */
static size_t blocks_refused(struct block_source *source, const uint8_t *right) {
    struct block_cache *cache = open_cache(source);
    size_t refused = 0;

    for (uint64_t b = 0; b < g_image.params.data_blocks; b++) {
        cspan block = {0};
        err e = block_get(cache, b, &block);

        assert_true(e.no == 0 || e.no == EIO);
        if (failed(e)) {
            refused++;
            continue;
        }
        assert_int_equal(block.n, ROOTFS_BLOCK_SIZE);
        assert_memory_equal(block.p, &right[b * ROOTFS_BLOCK_SIZE], ROOTFS_BLOCK_SIZE);
    }
    block_cache_free(cache);
    return refused;
}

/* What the whole reader makes of a damaged image: all calls right, or some failed with EIO. */
static void walk_is_right_or_eio(struct block_source *source) {
    struct rootfs *r = NULL;
    struct walk walk;
    err e = rootfs_open(source, &g_image.params, &r);

    if (failed(e)) {
        assert_int_equal(e.no, EIO);
        return;
    }
    fixture_walk(r, &walk);
    if (walk.failures == 0)
        assert_int_equal(walk.digest, g_right.digest);
    else
        assert_int_equal(walk.last.no, EIO);
    rootfs_close(r);
}

static uint8_t *copy_of_image(void) {
    uint8_t *copy = malloc(g_image.size);

    assert_non_null(copy);
    memcpy(copy, g_image.bytes, g_image.size);
    return copy;
}

static void every_flipped_bit_is_found(void **state) {
    const uint64_t volume = g_image.params.data_blocks * ROOTFS_BLOCK_SIZE;
    const uint64_t covered = volume + g_image.params.tree_blocks * ROOTFS_BLOCK_SIZE;
    uint8_t *right = copy_of_image();
    uint64_t seed = 20260101;

    for (int i = 0; i < FLIPS; i++) {
        uint64_t pos = fixture_random(&seed) % g_image.size;
        size_t refused;

        if (i % 4 == 0) /* more often where the tree lies */
            pos = volume + pos % (g_image.size - volume);
        g_image.bytes[pos] ^= (uint8_t)(1u << (fixture_random(&seed) % 8));
        refused = blocks_refused(&g_image.source, right);
        if (pos < volume)
            assert_int_equal(refused, 1);
        else if (pos < covered)
            assert_true(refused >= 1);
        else
            assert_int_equal(refused, 0);
        if (i % 16 == 0)
            walk_is_right_or_eio(&g_image.source);
        g_image.bytes[pos] = right[pos];
    }
    free(right);
}

static void swapped_blocks_are_found(void **state) {
    const uint64_t blocks = g_image.params.data_blocks + g_image.params.tree_blocks;
    uint8_t *right = copy_of_image();
    uint64_t seed = 99;

    for (int i = 0; i < 300; i++) {
        uint64_t a = fixture_random(&seed) % blocks * ROOTFS_BLOCK_SIZE;
        uint64_t b = fixture_random(&seed) % blocks * ROOTFS_BLOCK_SIZE;
        size_t refused;

        memcpy(&g_image.bytes[a], &right[b], ROOTFS_BLOCK_SIZE);
        memcpy(&g_image.bytes[b], &right[a], ROOTFS_BLOCK_SIZE);
        refused = blocks_refused(&g_image.source, right);
        if (memcmp(&right[a], &right[b], ROOTFS_BLOCK_SIZE) != 0)
            assert_true(refused >= 1);
        walk_is_right_or_eio(&g_image.source);
        memcpy(g_image.bytes, right, g_image.size);
    }
    free(right);
}

static void cut_image_gives_eio_behind_the_cut(void **state) {
    const size_t size = g_image.size;
    uint8_t *right = copy_of_image();
    uint64_t seed = 5;

    for (int i = 0; i < 200; i++) {
        g_image.size = i == 0 ? 0 : fixture_random(&seed) % size;
        if (g_image.size < size - ROOTFS_BLOCK_SIZE)
            assert_true(blocks_refused(&g_image.source, right) >= 1);
        walk_is_right_or_eio(&g_image.source);
    }
    g_image.size = size;
    free(right);
}

static void emptied_image_is_refused(void **state) {
    uint8_t *right = copy_of_image();
    struct rootfs *r = NULL;

    memset(g_image.bytes, 0, g_image.size);
    assert_int_equal(rootfs_open(&g_image.source, &g_image.params, &r).no, EIO);
    assert_int_equal(blocks_refused(&g_image.source, right), g_image.params.data_blocks);
    memcpy(g_image.bytes, right, g_image.size);
    free(right);
}

static void image_of_another_tree_is_refused(void **state) {
    const char *tree = fixture_dir();
    struct memory_image other;
    struct rootfs *r = NULL;

    assert_int_equal(fixture_run("cp /proc/version %s/size-1", tree), 0);
    fixture_image(&other, tree);
    assert_int_equal(rootfs_open(&other.source, &g_image.params, &r).no, EIO);
    fixture_image_free(&other);
}

/* A host that answers differently each time: right bytes, damaged bytes, errors, half-written
 * answers, whatever the block. */
struct moody_source {
    struct block_source source;
    uint64_t seed;
};

static err moody_read(struct block_source *source, uint64_t offset, span dst) {
    struct moody_source *moody = CONTAINER_OF(source, struct moody_source, source);
    uint64_t mood = fixture_random(&moody->seed) % 8;

    if (mood == 0)
        return ERR(ENOENT);
    if (!cspan_read(dst, cspan_of(g_image.bytes, g_image.size), offset))
        return ERR(EIO);
    if (mood == 1)
        dst.p[fixture_random(&moody->seed) % dst.n] ^= 1;
    if (mood == 2)
        memset(dst.p, 0, dst.n / 2);
    return OK;
}

static void host_that_changes_its_mind_never_wins(void **state) {
    static const struct block_source_ops ops = {.read = moody_read};
    struct moody_source moody = {.source.ops = &ops, .seed = 3};
    uint8_t *right = copy_of_image();

    for (int i = 0; i < 100; i++) {
        (void)blocks_refused(&moody.source, right);
        walk_is_right_or_eio(&moody.source);
    }
    free(right);
}

static void block_that_failed_is_read_again(void **state) {
    struct block_cache *cache = open_cache(&g_image.source);
    cspan block;

    g_image.bytes[5 * ROOTFS_BLOCK_SIZE + 17] ^= 4;
    assert_int_equal(block_get(cache, 5, &block).no, EIO);
    assert_int_equal(block_get(cache, 5, &block).no, EIO);
    g_image.bytes[5 * ROOTFS_BLOCK_SIZE + 17] ^= 4;
    assert_int_equal(block_get(cache, 5, &block).no, 0);
    block_cache_free(cache);
}

static void cached_block_is_neither_read_nor_hashed_again(void **state) {
    struct block_cache *cache = open_cache(&g_image.source);
    uint8_t *right = copy_of_image();
    struct block_count before, after;
    cspan block;

    for (uint64_t b = 0; b < g_image.params.data_blocks; b++)
        assert_int_equal(block_get(cache, b, &block).no, 0);
    before = block_count(cache);
    assert_int_equal(before.hashed, g_image.params.data_blocks + g_image.params.tree_blocks);
    assert_true(before.host_reads < g_image.params.data_blocks / 8);
    memset(g_image.bytes, 0xee, g_image.size);
    for (uint64_t b = 0; b < g_image.params.data_blocks; b++) {
        assert_int_equal(block_get(cache, b, &block).no, 0);
        assert_memory_equal(block.p, &right[b * ROOTFS_BLOCK_SIZE], ROOTFS_BLOCK_SIZE);
    }
    after = block_count(cache);
    assert_int_equal(after.hashed, before.hashed);
    assert_int_equal(after.host_reads, before.host_reads);
    block_cache_free(cache);
    memcpy(g_image.bytes, right, g_image.size);
    free(right);
}

static void block_outside_the_volume_is_refused(void **state) {
    struct block_cache *cache = open_cache(&g_image.source);
    const uint64_t outside[] = {g_image.params.data_blocks, g_image.params.data_blocks + 1,
                                1ull << 52, UINT64_MAX};
    cspan block;

    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        assert_int_equal(block_get(cache, outside[i], &block).no, EIO);
        block_want(cache, outside[i], UINT64_MAX);
    }
    block_want(cache, 3, UINT64_MAX);
    block_cache_free(cache);
}

static void contradicting_parameters_are_refused(void **state) {
    struct rootfs_params p = g_image.params;
    struct block_cache *cache;

    p.tree_blocks++;
    assert_int_equal(block_cache_new(&g_image.source, &p, &cache).no, EINVAL);
    p.tree_blocks = UINT64_MAX;
    assert_int_equal(block_cache_new(&g_image.source, &p, &cache).no, EINVAL);
    p.data_blocks = UINT64_MAX;
    assert_int_equal(block_cache_new(&g_image.source, &p, &cache).no, EINVAL);
    p = (struct rootfs_params){0};
    assert_int_equal(block_cache_new(&g_image.source, &p, &cache).no, EINVAL);
    assert_int_equal(heap_count().blocks, 0);
}

static void missing_memory_is_an_error_and_passes(void **state) {
    for (uint64_t n = 1; n < 40; n++) {
        struct block_cache *cache = open_cache(&g_image.source);
        cspan block;
        err e;

        heap_fail_at(n);
        for (uint64_t b = 0; b < 30; b++) {
            e = block_get(cache, b, &block);
            assert_true(e.no == 0 || e.no == ENOMEM);
            if (e.no == 0)
                assert_memory_equal(block.p, &g_image.bytes[b * ROOTFS_BLOCK_SIZE],
                                    ROOTFS_BLOCK_SIZE);
        }
        heap_fail_at(0);
        assert_int_equal(block_get(cache, 30, &block).no, 0);
        block_cache_free(cache);
        assert_int_equal(heap_count().blocks, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_is_found),
        cmocka_unit_test(swapped_blocks_are_found),
        cmocka_unit_test(cut_image_gives_eio_behind_the_cut),
        cmocka_unit_test(emptied_image_is_refused),
        cmocka_unit_test(image_of_another_tree_is_refused),
        cmocka_unit_test(host_that_changes_its_mind_never_wins),
        cmocka_unit_test(block_that_failed_is_read_again),
        cmocka_unit_test(cached_block_is_neither_read_nor_hashed_again),
        cmocka_unit_test(block_outside_the_volume_is_refused),
        cmocka_unit_test(contradicting_parameters_are_refused),
        cmocka_unit_test(missing_memory_is_an_error_and_passes),
    };
    return cmocka_run_group_tests(tests, make_image, free_image);
}
