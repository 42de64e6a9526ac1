/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The read-only root image, build/rootfs.img, in blocks of 4096 bytes:
 *
 *   [0, D)        an EROFS volume, as mkfs.erofs writes it
 *   [D, D + T)    a SHA-256 tree in dm-verity layout (hash type 1, no salt, no superblock): the
 *                 level next to the root first, each level padded to whole blocks, 128 hashes a
 * block last block    struct rootfs_trailer, for tools; the enclave takes D, T and the root hash
 * from its measured configuration instead
 *
 * Linux's own tools check it: `fsck.erofs IMG`, and
 * `veritysetup verify IMG IMG ROOT --no-superblock --salt=- --data-blocks=D --hash-offset=D*4096`.
 * A volume of one block has no tree; then the root is the hash of that block.
 */
#ifndef ABI_IMAGE_ROOTFS_H
#define ABI_IMAGE_ROOTFS_H

#include <stdint.h>

#define ROOTFS_MAGIC      0x3153464f4d4c434full /* "OCLMOFS1" */
#define ROOTFS_VERSION    1u
#define ROOTFS_BLOCK_SIZE 4096u
#define ROOTFS_HASH_SIZE  32u

struct rootfs_trailer {
    uint64_t magic;
    uint32_t version, reserved;
    uint64_t data_blocks; /* D */
    uint64_t tree_blocks; /* T */
    uint8_t root_hash[ROOTFS_HASH_SIZE];
};

#endif
