/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The SHA-256 tree over the blocks of a volume, in memory: 32 bytes a block, 4 KiB for each 128.
 * Hashes of data blocks are set in any order, then the upper levels are computed, as often as
 * needed.
 */
#ifndef CLI_IMAGE_TREE_H
#define CLI_IMAGE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/image/rootfs.h"
#include "base/compiler.h"

struct hash_tree;

/* NULL if there is no memory. */
struct hash_tree *hash_tree_new(uint64_t data_blocks);
void hash_tree_free(struct hash_tree *t);

/* False if libcrypto fails. */
MUST bool hash_tree_set(struct hash_tree *t, uint64_t block, const uint8_t *bytes);
MUST bool hash_tree_finish(struct hash_tree *t, uint8_t root[ROOTFS_HASH_SIZE]);

/* The blocks in file order, the level next to the root first. */
const uint8_t *hash_tree_bytes(const struct hash_tree *t, size_t *size);
uint64_t hash_tree_blocks(const struct hash_tree *t);

#endif
