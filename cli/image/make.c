/* SPDX-License-Identifier: BSD-3-Clause
 *
 * survey the tree -> mkfs.erofs -> hash every block -> derive the UUID from the root hash of the
 * volume without one, put it into block 0, hash that block again -> append tree and trailer ->
 * flush.
 *
 * So the data is read once, and the UUID still depends on all of it.
 */
#include "cli/image/make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/image/mkfs.h"
#include "cli/image/survey.h"
#include "cli/image/tree.h"

#define CHUNK_BLOCKS 256u
#define SUPER_POS    1024u
#define SUPER_CRC    4u /* of the superblock: crc32c of the rest of block 0 */
#define SUPER_UUID   48u
#define UUID_SIZE    16u

/* An image being made. */
struct job {
    const char *source_dir, *out_path; /* borrowed */
    struct image_progress *progress;
    struct cli_error *error;
    struct survey survey;
    struct image_params params;
    struct hash_tree *tree;
    uint8_t *chunk; /* CHUNK_BLOCKS blocks */
    int fd;
};

static bool fail_errno(struct job *job, const char *what) {
    cli_error_set_errno(job->error, "cannot %s %s", what, job->out_path);
    return false;
}

static bool no_memory(struct job *job) {
    cli_error_set(job->error, "not enough memory to make %s", job->out_path);
    return false;
}

/* All of n bytes at `pos`; a file that ends early gives EIO. */
static bool read_at(int fd, uint8_t *bytes, size_t n, uint64_t pos) {
    while (n > 0) {
        ssize_t got = pread(fd, bytes, n, (off_t)pos);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return false;
        }
        bytes = &bytes[got];
        n -= (size_t)got;
        pos += (uint64_t)got;
    }
    return true;
}

static bool write_at(int fd, const uint8_t *bytes, size_t n, uint64_t pos) {
    while (n > 0) {
        ssize_t put = pwrite(fd, bytes, n, (off_t)pos);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes = &bytes[put];
        n -= (size_t)put;
        pos += (uint64_t)put;
    }
    return true;
}

static bool volume_open(struct job *job) {
    struct stat st;

    job->fd = open(job->out_path, O_RDWR | O_CLOEXEC);
    if (job->fd < 0 || fstat(job->fd, &st) != 0)
        return fail_errno(job, "open");
    if (st.st_size == 0 || st.st_size % ROOTFS_BLOCK_SIZE != 0) {
        cli_error_set(job->error, "mkfs.erofs wrote %lld bytes to %s, which is no whole block",
                      (long long)st.st_size, job->out_path);
        return false;
    }
    job->params.data_blocks = (uint64_t)st.st_size / ROOTFS_BLOCK_SIZE;
    job->tree = hash_tree_new(job->params.data_blocks);
    job->chunk = malloc((size_t)CHUNK_BLOCKS * ROOTFS_BLOCK_SIZE);
    if (job->tree == NULL || job->chunk == NULL)
        return no_memory(job);
    job->params.tree_blocks = hash_tree_blocks(job->tree);
    return true;
}

static bool hash_chunk(struct job *job, uint64_t first, uint64_t count) {
    if (!read_at(job->fd, job->chunk, count * ROOTFS_BLOCK_SIZE, first * ROOTFS_BLOCK_SIZE))
        return fail_errno(job, "read back");
    for (uint64_t i = 0; i < count; i++) {
        if (!hash_tree_set(job->tree, first + i, &job->chunk[i * ROOTFS_BLOCK_SIZE]))
            return no_memory(job);
    }
    return true;
}

static bool volume_hash(struct job *job) {
    const uint64_t size = job->params.data_blocks * ROOTFS_BLOCK_SIZE;

    for (uint64_t first = 0; first < job->params.data_blocks; first += CHUNK_BLOCKS) {
        uint64_t count = job->params.data_blocks - first;

        count = count < CHUNK_BLOCKS ? count : CHUNK_BLOCKS;
        if (!hash_chunk(job, first, count))
            return false;
        if (job->progress != NULL)
            job->progress->report(job->progress, size + (first + count) * ROOTFS_BLOCK_SIZE,
                                  2 * size);
    }
    return hash_tree_finish(job->tree, job->params.root_hash) || no_memory(job);
}

/* CRC-32C without the final inversion, as EROFS stores it. */
static uint32_t crc32c(const uint8_t *bytes, size_t n) {
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78u : 0);
    }
    return crc;
}

/* Version 8 of RFC 9562: bits of our own choice. */
static bool volume_name(struct job *job) {
    uint8_t *super = &job->chunk[SUPER_POS];
    uint32_t crc;

    if (!read_at(job->fd, job->chunk, ROOTFS_BLOCK_SIZE, 0))
        return fail_errno(job, "read back");
    memcpy(&super[SUPER_UUID], job->params.root_hash, UUID_SIZE);
    super[SUPER_UUID + 6] = (uint8_t)((super[SUPER_UUID + 6] & 0x0fu) | 0x80u);
    super[SUPER_UUID + 8] = (uint8_t)((super[SUPER_UUID + 8] & 0x3fu) | 0x80u);
    memset(&super[SUPER_CRC], 0, sizeof(crc));
    crc = crc32c(super, ROOTFS_BLOCK_SIZE - SUPER_POS);
    for (unsigned i = 0; i < sizeof(crc); i++)
        super[SUPER_CRC + i] = (uint8_t)(crc >> (8 * i));
    if (!write_at(job->fd, job->chunk, ROOTFS_BLOCK_SIZE, 0))
        return fail_errno(job, "write");
    return (hash_tree_set(job->tree, 0, job->chunk) &&
            hash_tree_finish(job->tree, job->params.root_hash)) ||
           no_memory(job);
}

static bool tree_append(struct job *job) {
    const uint64_t pos = job->params.data_blocks * ROOTFS_BLOCK_SIZE;
    struct rootfs_trailer trailer = {.magic = ROOTFS_MAGIC,
                                     .version = ROOTFS_VERSION,
                                     .data_blocks = job->params.data_blocks,
                                     .tree_blocks = job->params.tree_blocks};
    const uint8_t *bytes;
    size_t size;

    memcpy(trailer.root_hash, job->params.root_hash, sizeof(trailer.root_hash));
    memset(job->chunk, 0, ROOTFS_BLOCK_SIZE);
    memcpy(job->chunk, &trailer, sizeof(trailer));
    bytes = hash_tree_bytes(job->tree, &size);
    if (!write_at(job->fd, bytes, size, pos) ||
        !write_at(job->fd, job->chunk, ROOTFS_BLOCK_SIZE, pos + size) ||
        fchmod(job->fd, 0644) != 0 || fsync(job->fd) != 0)
        return fail_errno(job, "write");
    return true;
}

/* Makes sure that out_path can be created and does not exist, so that a bad one is our error and
 * not one of mkfs.erofs. The file itself is left to mkfs.erofs, which fails on one that is empty.
 */
static bool output_clear(struct job *job) {
    int fd;

    if (unlink(job->out_path) != 0 && errno != ENOENT)
        return fail_errno(job, "replace");
    fd = open(job->out_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail_errno(job, "create");
    (void)close(fd);
    return unlink(job->out_path) == 0 || fail_errno(job, "replace");
}

static bool make(struct job *job) {
    return output_clear(job) && survey_tree(job->source_dir, &job->survey, job->error) &&
           mkfs_run(job->source_dir, job->out_path, &job->survey, job->progress, job->error) &&
           volume_open(job) && volume_hash(job) && volume_name(job) && tree_append(job);
}

bool image_make(const char *source_dir, const char *out_path, struct image_params *params,
                struct image_progress *progress, struct cli_error *error) {
    struct job job = {.source_dir = source_dir,
                      .out_path = out_path,
                      .progress = progress,
                      .error = error,
                      .fd = -1};
    bool made = make(&job);

    if (job.fd >= 0 && close(job.fd) != 0 && made)
        made = fail_errno(&job, "close");
    hash_tree_free(job.tree);
    free(job.chunk);
    if (made)
        *params = job.params;
    else
        (void)unlink(out_path);
    return made;
}
