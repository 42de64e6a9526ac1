/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The read-only root image: an EROFS volume on verified blocks (block.h). A file is named by its
 * nid, the number EROFS gives an inode; nids come from rootfs_root, rootfs_lookup and
 * rootfs_readdir. Nothing here changes, so a nid stays valid as long as the rootfs is open and two
 * answers about it never differ.
 *
 * The bytes are authenticated, their meaning is still not believed: every field is range-checked,
 * and a volume that makes no sense gives EIO with a log line. EIO is also the answer to a block
 * that the host changed; the caller knows the file's name and should log it.
 *
 * Not locked: one caller at a time, under a lock that may sleep (reads leave the enclave).
 */
#ifndef ENCLAVE_FS_IMAGE_ROOTFS_H
#define ENCLAVE_FS_IMAGE_ROOTFS_H

#include "enclave/fs/image/block.h"

#define ROOTFS_NAME_MAX 255u

struct rootfs;

/* Opens the image in constant time: reads the superblock and the root inode only. `source` is
 * borrowed and must outlive the rootfs. EINVAL: the parameters contradict each other. EIO: the
 * superblock is not a volume we accept. */
err rootfs_open(struct block_source *source, const struct rootfs_params *params,
                struct rootfs **out);
void rootfs_close(struct rootfs *r);

uint64_t rootfs_root(const struct rootfs *r);

struct rootfs_stat {
    uint64_t nid;  /* unique in the image: st_ino */
    uint64_t size; /* bytes; of a symlink: of its target */
    int64_t mtime_sec;
    uint32_t mtime_nsec; /* below 10^9 */
    uint32_t mode;       /* S_IFMT type, exactly one of Linux's seven, and permission bits */
    uint32_t nlink, uid, gid;
    uint32_t rdev; /* of device nodes, as in st_rdev; else 0 */
};

err rootfs_stat(struct rootfs *r, uint64_t nid, struct rootfs_stat *out);

/* The entry `name` of directory `dir`, also "." and "..": its nid. ENOENT, ENOTDIR; ENAMETOOLONG
 * above 255 bytes. The time grows with the logarithm of the directory. */
err rootfs_lookup(struct rootfs *r, uint64_t dir, cspan name, uint64_t *nid);

/* Bytes of a regular file from `off` on into dst; *done is what there was, less than dst.n only at
 * the end of the file (0 at or behind it). EISDIR for directories, EINVAL for what has no bytes. */
err rootfs_read(struct rootfs *r, uint64_t nid, uint64_t off, span dst, size_t *done);

/* The same without a copy: page `index` (4096 bytes) of a regular file, cut at the end of the file,
 * empty behind it. *out borrows cached memory and is valid until the next call on r. */
err rootfs_page(struct rootfs *r, uint64_t nid, uint64_t index, cspan *out);

struct rootfs_dirent {
    uint64_t nid;
    uint64_t next;      /* position of the entry after this one */
    uint32_t type;      /* DT_* as in getdents: 4 directory, 8 regular, 10 symlink, ... */
    uint32_t name_size; /* 0: the end of the directory was reached, nothing else is set */
    uint8_t name[ROOTFS_NAME_MAX + 1]; /* with a NUL behind it; no '/' and no NUL inside */
};

/* The entry at position `pos`: 0 for the first, then `next` of the one before. Positions never
 * change, so they may be kept and used later; one that was never given out is answered with an
 * entry behind it or the end. "." and ".." are among the entries; order is by name. ENOTDIR. */
err rootfs_readdir(struct rootfs *r, uint64_t dir, uint64_t pos, struct rootfs_dirent *out);

/* The target of a symlink, cut to dst.n bytes, without NUL. EINVAL if it is not a symlink. */
err rootfs_readlink(struct rootfs *r, uint64_t nid, span dst, size_t *done);

/* The source that reads the image through host calls: enclave only. */
struct block_source *rootfs_host_source(void);

#endif
