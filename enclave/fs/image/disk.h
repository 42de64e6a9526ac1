/* SPDX-License-Identifier: BSD-3-Clause
 *
 * EROFS as it lies on disk, as far as we accept it: uncompressed, one device, 4 KiB blocks. Numbers
 * are byte arrays (base/le.h), so these structs have neither padding nor alignment.
 *
 *   byte 1024                     superblock
 *   meta_blkaddr * 4096 + nid*32  inode: compact (32 bytes) or extended (64), then its extended
 *                                 attributes (skipped), then by layout: nothing, the inline tail of
 *                                 the file, or its table of chunks
 */
#ifndef ENCLAVE_FS_IMAGE_DISK_H
#define ENCLAVE_FS_IMAGE_DISK_H

#include "base/le.h"

#define EROFS_SUPER_POS    1024u
#define EROFS_SUPER_MAGIC  0xe0f5e1e2u
#define EROFS_BLOCK_BITS   12u
#define EROFS_BLOCK_SIZE   4096u
#define EROFS_NID_SIZE     32u  /* bytes from one nid to the next */
#define EROFS_CHUNKED_FILE 0x4u /* the one feature_incompat bit we accept */
#define EROFS_HOLE         UINT32_MAX

struct erofs_super {
    le32 magic, checksum, feature_compat;
    uint8_t block_bits, ext_slots;
    le16 root_nid;
    le64 inodes, build_sec;
    le32 build_nsec, blocks, meta_block, xattr_block;
    uint8_t uuid[16], volume_name[16];
    le32 feature_incompat;
    le16 compression, extra_devices, devices_slot;
    uint8_t reserved[38];
};

/* i_format: bit 0 extended, bits 1 to 3 layout, the rest zero */
#define EROFS_FORMAT_EXTENDED  0x1u
#define EROFS_FORMAT_LAYOUT(f) ((f) >> 1 & 0x7u)
#define EROFS_FORMAT_KNOWN     0xfu

enum erofs_layout {
    EROFS_FLAT_PLAIN = 0,  /* blocks from `u` on                                          */
    EROFS_FLAT_INLINE = 2, /* the same, but the last, partial block lies behind the inode  */
    EROFS_CHUNKED = 4      /* `u` is the chunk format, the table lies behind the inode     */
};

struct erofs_inode_compact {
    le16 format, xattr_count, mode, nlink;
    le32 size, reserved, u, ino;
    le16 uid, gid;
    le32 reserved2;
};

struct erofs_inode_extended {
    le16 format, xattr_count, mode, reserved;
    le64 size;
    le32 u, ino, uid, gid;
    le64 mtime_sec;
    le32 mtime_nsec, nlink;
    uint8_t reserved2[16];
};

/* Bytes of the attribute area: 12 of header and 4 for each unit, the first of which is the header.
 */
#define EROFS_XATTR_HEADER 12u
#define EROFS_XATTR_UNIT   4u

/* chunk format: size = 4096 << bits; the table has 4-byte block numbers or 8-byte indexes */
#define EROFS_CHUNK_BITS    0x1fu
#define EROFS_CHUNK_INDEXES 0x20u
#define EROFS_CHUNK_KNOWN   0x3fu

struct erofs_chunk_index {
    le16 advise, device;
    le32 block;
};

/* A directory block: entries, then their names back to back in the same order. Entries are sorted
 * by name. The first entry's name_pos tells how many there are. The last name of a block ends with
 * it, or with a NUL. */
struct erofs_dirent {
    le64 nid;
    le16 name_pos;
    uint8_t type, reserved;
};

_Static_assert(sizeof(struct erofs_super) == 128, "disk layout");
_Static_assert(sizeof(struct erofs_inode_compact) == 32, "disk layout");
_Static_assert(sizeof(struct erofs_inode_extended) == 64, "disk layout");
_Static_assert(sizeof(struct erofs_chunk_index) == 8, "disk layout");
_Static_assert(sizeof(struct erofs_dirent) == 12, "disk layout");

#endif
