/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Makes the read-only root image of abi/image/rootfs.h out of a directory: mkfs.erofs writes the
 * volume, this library appends the SHA-256 tree and the trailer.
 *
 * The image depends on the tree only: names, contents, permission bits, modification times (also of
 * directories and of the source directory itself, to the nanosecond), symlink targets and which
 * names are hard links of each other. It does not depend on where the tree lies, who builds, when,
 * or in which order the file system lists names. Owners become root; extended attributes are left
 * out. The volume's UUID is derived from its content.
 */
#ifndef CLI_IMAGE_MAKE_H
#define CLI_IMAGE_MAKE_H

#include "abi/image/rootfs.h"
#include "cli/error.h"

/* What the measured configuration has to say about an image. */
struct image_params {
    uint64_t data_blocks, tree_blocks; /* D and T */
    uint8_t root_hash[ROOTFS_HASH_SIZE];
};

/* Called now and then with the bytes done, of an estimated total that may still change a little. */
struct image_progress {
    void (*report)(struct image_progress *progress, uint64_t done, uint64_t total);
};

/* Writes the image of the tree below source_dir to out_path, which is replaced, and flushes it to
 * the disk. `progress` may be NULL. On failure out_path does not exist, and *error names the file
 * that is at fault. out_path must not lie inside source_dir; a caller who wants the old image to
 * survive a failure gives a temporary name and renames. */
MUST bool image_make(const char *source_dir, const char *out_path, struct image_params *params,
                     struct image_progress *progress, struct cli_error *error);

#endif
