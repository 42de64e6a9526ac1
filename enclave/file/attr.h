/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What is known about a file apart from its bytes: the common form of stat, statx and statfs, and
 * of the changes that chmod, chown and utimensat make. Times are nanoseconds since 1970.
 */
#ifndef ENCLAVE_FILE_ATTR_H
#define ENCLAVE_FILE_ATTR_H

#include "abi/linux/fs.h"
#include "base/err.h"

struct file_attr {
    uint64_t dev, ino;
    uint32_t mode; /* type and permissions, as st_mode */
    uint32_t nlink, uid, gid;
    uint64_t rdev;
    uint64_t size, blocks; /* bytes; units of 512 */
    uint32_t blksize;
    int64_t atime, mtime, ctime, btime; /* btime 0: unknown */
};

/* Which members of a file_change count. */
#define CHANGE_MODE  1u
#define CHANGE_UID   2u
#define CHANGE_GID   4u
#define CHANGE_ATIME 8u
#define CHANGE_MTIME 16u
#define CHANGE_SIZE  32u

struct file_change {
    uint32_t what;
    uint32_t mode, uid, gid;
    int64_t atime, mtime;
    uint64_t size;
};

/* The file system a file lies in. */
struct fs_usage {
    uint64_t magic;
    uint32_t block_size;
    uint64_t blocks, free_blocks, files, free_files;
    bool read_only;
};

/* Device numbers as Linux packs them into 64 bits. */
#define DEV_NUMBER(major, minor)                                                                   \
    ((uint64_t)((minor) & 0xffu) | (uint64_t)((major) & 0xfffu) << 8 |                             \
     (uint64_t)((minor) & ~0xffu) << 12)
#define DEV_MAJOR(dev) ((uint32_t)(((dev) >> 8) & 0xfffu))
#define DEV_MINOR(dev) ((uint32_t)(((dev) & 0xffu) | (((dev) >> 12) & ~(uint64_t)0xffu)))

static inline bool mode_is(uint32_t mode, uint32_t type) {
    return (mode & S_IFMT) == type;
}

#endif
