/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Target: enclave/fs/image, the EROFS reader. An input is a volume; its blocks are believed without
 * a tree, as if an attacker had it hashed and signed. The walk asks every question about every file
 * it reaches, within a budget of calls. The oracle: answers agree with each other and with their
 * contracts (rootfs.h), whatever the volume says. The mutator starts from a sound small volume and
 * changes fields where metadata lies: random bytes would not pass the superblock.
 *
 * Link: -msse4.1 -msha base/sha256_ni.c
 */
#include "tests/fuzz/lib/harness.h"

#include <string.h>

#include "base/heap.h"
#include "enclave/fs/image/disk.h"
#include "enclave/fs/image/rootfs.h"
#include "tests/fuzz/lib/dice.h"

#define CALLS_MAX 600u
#define DEPTH_MAX 6u
#define READ_SIZE 5000u

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

struct fuzz_source {
    struct block_source source;
    cspan volume;
};

static err fuzz_read(struct block_source *source, uint64_t offset, span dst) {
    struct fuzz_source *fuzz = CONTAINER_OF(source, struct fuzz_source, source);
    cspan rest;
    span head;

    span_zero(dst);
    if (!cspan_from(&rest, fuzz->volume, offset))
        return ERR(EIO);
    if (!span_sub(&head, dst, 0, min_u64(dst.n, rest.n)) || !cspan_read(head, rest, 0))
        return ERR(EIO);
    return OK;
}

static void *pages_get_hosted(size_t count) {
    void *pages = NULL;

    if (posix_memalign(&pages, 4096, count * 4096) != 0)
        return NULL;
    memset(pages, 0, count * 4096);
    return pages;
}

static void pages_put_hosted(void *pages, size_t count) {
    free(pages);
}

struct walk {
    struct rootfs *r;
    unsigned calls;
};

static bool budget(struct walk *w) {
    return ++w->calls < CALLS_MAX;
}

/* The copying read, the borrowing read and a second read say the same. */
static void check_regular(struct walk *w, const struct rootfs_stat *st) {
    static uint8_t once[READ_SIZE], twice[READ_SIZE];
    const uint64_t offsets[] = {0, 4095, st->size / 2, st->size - 1, st->size, INT64_MAX};

    for (size_t i = 0; i < COUNT_OF(offsets) && budget(w); i++) {
        size_t done = 0, again = 0;
        cspan page;
        err e = rootfs_read(w->r, st->nid, offsets[i], SPAN_OF(once), &done);

        FUZZ_CHECK(e.no == 0 || e.no == EIO);
        if (failed(e))
            continue;
        FUZZ_CHECK(done ==
                   (offsets[i] >= st->size ? 0 : min_u64(READ_SIZE, st->size - offsets[i])));
        FUZZ_CHECK(!failed(rootfs_read(w->r, st->nid, offsets[i], SPAN_OF(twice), &again)));
        FUZZ_CHECK(again == done && memcmp(once, twice, done) == 0);
        if (done == 0)
            continue;
        FUZZ_CHECK(!failed(rootfs_page(w->r, st->nid, offsets[i] / 4096, &page)));
        FUZZ_CHECK(page.n > offsets[i] % 4096 && page.n <= 4096);
        FUZZ_CHECK(page.p[offsets[i] % 4096] == once[0]);
    }
}

static void check_link(struct walk *w, const struct rootfs_stat *st) {
    static uint8_t target[READ_SIZE];
    size_t done = 0;
    err e = rootfs_readlink(w->r, st->nid, SPAN_OF(target), &done);

    FUZZ_CHECK(e.no == 0 || e.no == EIO);
    FUZZ_CHECK(failed(e) || (done == st->size && done > 0 && done < 4096));
}

static void check_node(struct walk *w, uint64_t nid, unsigned depth);

static void check_entry(struct walk *w, uint64_t dir, const struct rootfs_dirent *entry) {
    uint64_t found = 0;
    err e = rootfs_lookup(w->r, dir, cspan_of(entry->name, entry->name_size), &found);

    FUZZ_CHECK(entry->name_size <= ROOTFS_NAME_MAX);
    FUZZ_CHECK(strlen((const char *)entry->name) == entry->name_size);
    FUZZ_CHECK(strchr((const char *)entry->name, '/') == NULL);
    FUZZ_CHECK(entry->type <= 12);
    /* an unsorted directory may hide a name, or hold it twice */
    FUZZ_CHECK(e.no == 0 || e.no == EIO || e.no == ENOENT);
}

static void check_directory(struct walk *w, const struct rootfs_stat *st, unsigned depth) {
    static struct rootfs_dirent entry;
    uint64_t pos = 0, found;
    err e = rootfs_lookup(w->r, st->nid, CSPAN_LIT("name"), &found);

    FUZZ_CHECK(e.no == 0 || e.no == EIO || e.no == ENOENT);
    e = rootfs_readdir(w->r, st->nid, st->size + 1, &entry);
    FUZZ_CHECK(e.no == EIO || entry.name_size == 0);
    while (budget(w)) {
        uint64_t nid;

        e = rootfs_readdir(w->r, st->nid, pos, &entry);
        FUZZ_CHECK(e.no == 0 || e.no == EIO);
        if (failed(e) || entry.name_size == 0)
            return;
        FUZZ_CHECK(entry.next > pos);
        pos = entry.next;
        nid = entry.nid;
        check_entry(w, st->nid, &entry);
        if (depth < DEPTH_MAX)
            check_node(w, nid, depth + 1);
    }
}

static void check_node(struct walk *w, uint64_t nid, unsigned depth) {
    struct rootfs_stat st;
    err e = rootfs_stat(w->r, nid, &st);

    FUZZ_CHECK(e.no == 0 || e.no == EIO);
    if (failed(e) || !budget(w))
        return;
    FUZZ_CHECK(st.nid == nid && st.size <= INT64_MAX && st.mtime_nsec < 1000000000u);
    switch (st.mode & 0170000) {
    case 0100000:
        check_regular(w, &st);
        return;
    case 0120000:
        check_link(w, &st);
        return;
    case 0040000:
        check_directory(w, &st, depth);
        return;
    default:
        FUZZ_CHECK(st.size == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct block_source_ops ops = {.read = fuzz_read};
    static const struct page_source pages = {.get = pages_get_hosted, .put = pages_put_hosted};
    static bool ready;
    struct fuzz_source fuzz = {.source = {.ops = &ops, .trusted = true},
                               .volume = cspan_of(data, size)};
    const struct rootfs_params params = {.data_blocks = (size + 4095) / 4096,
                                         .cache_size = 16 * 4096};
    struct walk w = {0};
    err e;

    if (!ready)
        heap_init(&pages);
    ready = true;
    if (size == 0)
        return 0;
    e = rootfs_open(&fuzz.source, &params, &w.r);
    FUZZ_CHECK(e.no == 0 || e.no == EIO || e.no == EINVAL);
    if (failed(e))
        return 0;
    check_node(&w, rootfs_root(w.r), 0);
    rootfs_close(w.r);
    return 0;
}

#ifndef FUZZ_REPLAY
/* A number of 1, 2, 4 or 8 bytes at a 2-byte boundary, as the fields of EROFS lie. */
static void change_field(uint8_t *data, size_t size, struct dice *d) {
    size_t n = (size_t)1 << dice_below(d, 4);
    size_t at = (size_t)dice_below(d, size) & ~(size_t)1;
    uint64_t v = 0;

    if (at + n > size)
        return;
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)data[at + i] << (8 * i);
    v = dice_number(d, v);
    for (size_t i = 0; i < n; i++)
        data[at + i] = (uint8_t)(v >> (8 * i));
}

/* Most mutations change a few fields, half of them where a small volume has its inodes and names;
 * some are libFuzzer's own. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed) {
    struct dice d = {.state = seed};

    if (size < 8192 || dice_below(&d, 8) == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    for (uint64_t n = 1 + dice_below(&d, 4); n > 0; n--)
        change_field(&data[1024], dice_below(&d, 2) == 0 ? 4096 : size - 1024, &d);
    return size;
}

#endif

FUZZ_MAIN(16384)
