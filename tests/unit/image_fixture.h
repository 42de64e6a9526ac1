/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the tests of the root image share: a generated source tree with every kind of file, images
 * of it in memory, and a comparison of a tree with what the reader says.
 */
#ifndef TESTS_UNIT_IMAGE_FIXTURE_H
#define TESTS_UNIT_IMAGE_FIXTURE_H

#include "tests/lib/unit.h"

#include "cli/image/make.h"
#include "enclave/fs/image/rootfs.h"

#define PATH_SIZE 4096

/* A new empty directory that is removed when the program ends. The text stays valid. */
const char *fixture_dir(void);

/* Fills `dir`. small: about 150 blocks, for tests that read it thousands of times. backwards: the
 * same content, but created in the opposite order. All times are set. */
void fixture_tree(const char *dir, bool small, bool backwards);

/* An image in memory, served as the host would. */
struct memory_image {
    struct block_source source;
    struct rootfs_params params;
    uint8_t *bytes;
    size_t size; /* reads behind it fail */
};

/* Makes an image of `dir` with image_make; fails the test if that fails. */
void fixture_image(struct memory_image *image, const char *dir);
/* Makes a plain volume with mkfs.erofs and these arguments; the source is trusted. */
void fixture_volume(struct memory_image *image, const char *dir, const char *arguments);
void fixture_image_free(struct memory_image *image);

/* Everything below `path` is asserted equal to what the reader says about nid. */
void fixture_compare(struct rootfs *r, uint64_t nid, const char *path);

/* Reads everything the volume has, through every call of the reader, into a digest. Returns the
 * number of calls that failed; those add nothing to the digest. */
struct walk {
    uint64_t digest, calls, failures;
    err last; /* of the last failure */
};
void fixture_walk(struct rootfs *r, struct walk *walk);

/* Exit code of a program, its output thrown away. The text is its argument list, split at blanks;
 * there is no shell. */
int fixture_run(const char *fmt, ...) PRINTF(1, 2);

uint64_t fixture_random(uint64_t *seed);

#endif
