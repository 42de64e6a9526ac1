/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A directory is a file of 4 KiB blocks, each with its own sorted entries and their names; the
 * blocks are in order too. So a lookup is two binary searches: over the first names of the blocks,
 * then inside the one block that may hold the name. A position of readdir is the byte position of
 * an entry in that file.
 *
 * If a volume is not sorted, the searches still end, they only may not find.
 */
#include "enclave/fs/image/erofs.h"

struct dirblock {
    cspan bytes; /* borrowed from the cache: no block may be read while it is in use */
    uint32_t count;
};

struct entry {
    uint64_t nid;
    uint8_t type;
    cspan name; /* borrowed from the block; 1 to 255 bytes */
};

static err dirblock_load(struct rootfs *r, const struct inode *dir, uint64_t index,
                         struct dirblock *out) {
    struct erofs_dirent first;
    uint32_t names;

    TRY(map_page(r, dir, index, &out->bytes));
    if (!cspan_read(SPAN_OF(first), out->bytes, 0))
        return volume_bad(dir->stat.nid, "a directory block is too short");
    names = le16_get(first.name_pos);
    if (names < sizeof(first) || names % sizeof(first) != 0 || names >= out->bytes.n)
        return volume_bad(dir->stat.nid, "a directory block has an impossible number of entries");
    out->count = names / (uint32_t)sizeof(first);
    return OK;
}

/* Where the names of entry i end: with the next name, or for the last one with the block or NUL. */
static bool name_end(const struct dirblock *block, uint32_t i, uint64_t start, uint64_t *end) {
    struct erofs_dirent next;
    cspan rest;

    if (i + 1 < block->count) {
        if (!cspan_read(SPAN_OF(next), block->bytes, (i + 1) * sizeof(next)))
            return false;
        *end = le16_get(next.name_pos);
        return true;
    }
    if (!cspan_from(&rest, block->bytes, start))
        return false;
    *end = start + cspan_find(rest, 0);
    return true;
}

static bool entry_get(const struct dirblock *block, uint32_t i, struct entry *out) {
    struct erofs_dirent raw;
    uint64_t start, end, n;

    if (i >= block->count || !cspan_read(SPAN_OF(raw), block->bytes, i * sizeof(raw)))
        return false;
    start = le16_get(raw.name_pos);
    if (start < block->count * sizeof(raw) || !name_end(block, i, start, &end) ||
        !sub_ok(&n, end, start) || n == 0 || n > ROOTFS_NAME_MAX)
        return false;
    out->nid = le64_get(raw.nid);
    out->type = raw.type;
    return cspan_sub(&out->name, block->bytes, start, n);
}

static err bad_entry(const struct inode *dir) {
    return volume_bad(dir->stat.nid, "a directory entry makes no sense");
}

/* The last block whose first name is not behind `name`; block 0 if there is none. */
static err block_search(struct rootfs *r, const struct inode *dir, cspan name, uint64_t *out) {
    uint64_t low = 0, high = inode_pages(dir);

    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        struct dirblock block;
        struct entry first;

        TRY(dirblock_load(r, dir, mid, &block));
        if (!entry_get(&block, 0, &first))
            return bad_entry(dir);
        if (cspan_compare(first.name, name) <= 0)
            low = mid;
        else
            high = mid;
    }
    *out = low;
    return OK;
}

static err entry_search(const struct inode *dir, const struct dirblock *block, cspan name,
                        uint64_t *nid) {
    uint32_t low = 0, high = block->count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        struct entry entry;
        int order;

        if (!entry_get(block, mid, &entry))
            return bad_entry(dir);
        order = cspan_compare(name, entry.name);
        if (order == 0) {
            *nid = entry.nid;
            return OK;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return ERR(ENOENT);
}

static err dir_load(struct rootfs *r, uint64_t nid, struct inode *out) {
    TRY(inode_load(r, nid, out));
    return inode_is(out, MODE_DIR) ? OK : ERR(ENOTDIR);
}

err rootfs_lookup(struct rootfs *r, uint64_t dir, cspan name, uint64_t *nid) {
    struct inode inode;
    struct dirblock block;
    uint64_t index = 0;

    TRY(dir_load(r, dir, &inode));
    if (name.n > ROOTFS_NAME_MAX)
        return ERR(ENAMETOOLONG);
    if (inode.stat.size == 0)
        return ERR(ENOENT);
    TRY(block_search(r, &inode, name, &index));
    TRY(dirblock_load(r, &inode, index, &block));
    return entry_search(&inode, &block, name, nid);
}

/* EROFS numbers file types 1..7; getdents has numbers of its own. */
static uint32_t dt_of(uint8_t type) {
    static const uint8_t dt[] = {0, 8, 4, 2, 6, 1, 12, 10};

    return type < COUNT_OF(dt) ? dt[type] : 0;
}

static bool name_clean(cspan name) {
    return cspan_find(name, '/') == name.n && cspan_find(name, 0) == name.n;
}

/* The block and entry number of the first entry at or behind `pos`; *found false at the end. */
static err entry_seek(struct rootfs *r, const struct inode *dir, uint64_t *pos,
                      struct dirblock *block, bool *found) {
    const uint64_t each = sizeof(struct erofs_dirent);

    *found = false;
    while (*pos < dir->stat.size) {
        uint64_t index = *pos >> EROFS_BLOCK_BITS;
        uint64_t i = (*pos % EROFS_BLOCK_SIZE + each - 1) / each;

        TRY(dirblock_load(r, dir, index, block));
        if (i < block->count) {
            *pos = (index << EROFS_BLOCK_BITS) + i * each;
            *found = true;
            return OK;
        }
        *pos = (index + 1) << EROFS_BLOCK_BITS;
    }
    return OK;
}

err rootfs_readdir(struct rootfs *r, uint64_t dir, uint64_t pos, struct rootfs_dirent *out) {
    const uint64_t each = sizeof(struct erofs_dirent);
    struct inode inode;
    struct dirblock block;
    struct entry entry;
    bool found;

    TRY(dir_load(r, dir, &inode));
    out->name_size = 0;
    TRY(entry_seek(r, &inode, &pos, &block, &found));
    if (!found)
        return OK;
    if (!entry_get(&block, (uint32_t)(pos % EROFS_BLOCK_SIZE / each), &entry) ||
        !name_clean(entry.name) || !span_write(SPAN_OF(out->name), 0, entry.name))
        return bad_entry(&inode);
    out->name[entry.name.n] = 0;
    out->nid = entry.nid;
    out->next = pos + each;
    out->type = dt_of(entry.type);
    out->name_size = (uint32_t)entry.name.n;
    return OK;
}
