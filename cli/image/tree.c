/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All levels lie in one array in file order; a level knows where it starts. level[0] is the one
 * next to the data and therefore the last in the file. Every level is padded with zeros to whole
 * blocks. A volume of one block has no level: its hash is the root.
 */
#include "cli/image/tree.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define HASHES     (ROOTFS_BLOCK_SIZE / ROOTFS_HASH_SIZE)
#define LEVELS_MAX 6u

struct level {
    uint64_t first, count; /* blocks of the tree */
};

struct hash_tree {
    uint64_t data_blocks, blocks;
    struct level level[LEVELS_MAX];
    size_t level_count;
    EVP_MD_CTX *digest;
    const EVP_MD *sha256;
    uint8_t lone[ROOTFS_HASH_SIZE]; /* the hash of the only block, if there is one only */
    uint8_t *bytes;
};

static void levels_place(struct hash_tree *t) {
    uint64_t count = t->data_blocks, below = 0;

    while (count > 1 && t->level_count < LEVELS_MAX) {
        count = (count + HASHES - 1) / HASHES;
        t->level[t->level_count++].count = count;
        t->blocks += count;
    }
    for (size_t i = 0; i < t->level_count; i++) {
        below += t->level[i].count;
        t->level[i].first = t->blocks - below;
    }
}

struct hash_tree *hash_tree_new(uint64_t data_blocks) {
    struct hash_tree *t = calloc(1, sizeof(*t));

    if (t == NULL)
        return NULL;
    t->data_blocks = data_blocks;
    levels_place(t);
    t->digest = EVP_MD_CTX_new();
    t->sha256 = EVP_sha256();
    t->bytes = calloc(t->blocks + 1, ROOTFS_BLOCK_SIZE);
    if (t->digest != NULL && t->bytes != NULL)
        return t;
    hash_tree_free(t);
    return NULL;
}

void hash_tree_free(struct hash_tree *t) {
    if (t == NULL)
        return;
    EVP_MD_CTX_free(t->digest);
    free(t->bytes);
    free(t);
}

static uint8_t *block_at(struct hash_tree *t, size_t level, uint64_t block) {
    return &t->bytes[(t->level[level].first + block) * ROOTFS_BLOCK_SIZE];
}

static bool hash_block(struct hash_tree *t, const uint8_t *bytes, uint8_t out[ROOTFS_HASH_SIZE]) {
    return EVP_DigestInit_ex(t->digest, t->sha256, NULL) == 1 &&
           EVP_DigestUpdate(t->digest, bytes, ROOTFS_BLOCK_SIZE) == 1 &&
           EVP_DigestFinal_ex(t->digest, out, NULL) == 1;
}

bool hash_tree_set(struct hash_tree *t, uint64_t block, const uint8_t *bytes) {
    if (t->level_count == 0)
        return hash_block(t, bytes, t->lone);
    return hash_block(t, bytes, &block_at(t, 0, block / HASHES)[block % HASHES * ROOTFS_HASH_SIZE]);
}

bool hash_tree_finish(struct hash_tree *t, uint8_t root[ROOTFS_HASH_SIZE]) {
    if (t->level_count == 0) {
        memcpy(root, t->lone, ROOTFS_HASH_SIZE);
        return true;
    }
    for (size_t i = 0; i + 1 < t->level_count; i++) {
        for (uint64_t b = 0; b < t->level[i].count; b++) {
            uint8_t *parent = block_at(t, i + 1, b / HASHES);

            if (!hash_block(t, block_at(t, i, b), &parent[b % HASHES * ROOTFS_HASH_SIZE]))
                return false;
        }
    }
    return hash_block(t, block_at(t, t->level_count - 1, 0), root);
}

const uint8_t *hash_tree_bytes(const struct hash_tree *t, size_t *size) {
    *size = t->blocks * ROOTFS_BLOCK_SIZE;
    return t->bytes;
}

uint64_t hash_tree_blocks(const struct hash_tree *t) {
    return t->blocks;
}
