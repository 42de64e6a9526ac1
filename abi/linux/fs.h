/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Files as Linux shows them to a program on x86-64: constants and structure layouts, under Linux's
 * own names so that the reader knows them.
 */
#ifndef ABI_LINUX_FS_H
#define ABI_LINUX_FS_H

#include <stdint.h>

#define PATH_MAX     4096u /* with the NUL */
#define NAME_MAX     255u
#define SYMLINKS_MAX 40u
#define IOV_MAX      1024u

/* open(2) */
#define O_RDONLY    0u
#define O_WRONLY    01u
#define O_RDWR      02u
#define O_ACCMODE   03u
#define O_CREAT     0100u
#define O_EXCL      0200u
#define O_NOCTTY    0400u
#define O_TRUNC     01000u
#define O_APPEND    02000u
#define O_NONBLOCK  04000u
#define O_DSYNC     010000u
#define O_ASYNC     020000u
#define O_DIRECT    040000u
#define O_LARGEFILE 0100000u
#define O_DIRECTORY 0200000u
#define O_NOFOLLOW  0400000u
#define O_NOATIME   01000000u
#define O_CLOEXEC   02000000u
#define O_SYNC      04010000u
#define O_PATH      010000000u
#define O_TMPFILE   020200000u

/* st_mode */
#define S_IFMT   0170000u
#define S_IFSOCK 0140000u
#define S_IFLNK  0120000u
#define S_IFREG  0100000u
#define S_IFBLK  0060000u
#define S_IFDIR  0040000u
#define S_IFCHR  0020000u
#define S_IFIFO  0010000u
#define S_ISUID  0004000u
#define S_ISGID  0002000u

/* access(2) */
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

/* *at(2) */
#define AT_FDCWD            -100
#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_EACCESS          0x200u
#define AT_REMOVEDIR        0x200u
#define AT_SYMLINK_FOLLOW   0x400u
#define AT_NO_AUTOMOUNT     0x800u
#define AT_EMPTY_PATH       0x1000u
#define AT_STATX_SYNC_TYPE  0x6000u

#define SEEK_SET  0
#define SEEK_CUR  1
#define SEEK_END  2
#define SEEK_DATA 3
#define SEEK_HOLE 4

#define F_DUPFD         0
#define F_GETFD         1
#define F_SETFD         2
#define F_GETFL         3
#define F_SETFL         4
#define F_SETPIPE_SZ    1031
#define F_GETPIPE_SZ    1032
#define F_DUPFD_CLOEXEC 1030
#define FD_CLOEXEC      1u

#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u

#define RENAME_NOREPLACE 1u
#define RENAME_EXCHANGE  2u
#define RENAME_WHITEOUT  4u

#define RESOLVE_NO_XDEV       0x01u
#define RESOLVE_NO_MAGICLINKS 0x02u
#define RESOLVE_NO_SYMLINKS   0x04u
#define RESOLVE_BENEATH       0x08u
#define RESOLVE_IN_ROOT       0x10u

#define UTIME_NOW  0x3fffffff
#define UTIME_OMIT 0x3ffffffe

#define TCGETS     0x5401u
#define TCSETS     0x5402u
#define TCSETSW    0x5403u
#define TCSETSF    0x5404u
#define TIOCGWINSZ 0x5413u
#define FIONREAD   0x541bu
#define FIONBIO    0x5421u
#define FIONCLEX   0x5450u
#define FIOCLEX    0x5451u

#define POLLIN   0x001u
#define POLLPRI  0x002u
#define POLLOUT  0x004u
#define POLLERR  0x008u
#define POLLHUP  0x010u
#define POLLNVAL 0x020u

#define EROFS_SUPER_MAGIC 0xe0f5e1e2u
#define TMPFS_MAGIC       0x01021994u
#define PROC_SUPER_MAGIC  0x9fa0u
#define PIPEFS_MAGIC      0x50495045u

struct linux_timespec {
    int64_t sec, nsec;
};

struct linux_stat {
    uint64_t dev, ino, nlink;
    uint32_t mode, uid, gid, pad;
    uint64_t rdev;
    int64_t size, blksize, blocks;
    struct linux_timespec atime, mtime, ctime;
    int64_t unused[3];
};

struct linux_statx_timestamp {
    int64_t sec;
    uint32_t nsec;
    int32_t pad;
};

#define STATX_BASIC_STATS 0x7ffu
#define STATX_BTIME       0x800u
#define STATX_MNT_ID      0x1000u
#define STATX_RESERVED    0x80000000u

struct linux_statx {
    uint32_t mask, blksize;
    uint64_t attributes;
    uint32_t nlink, uid, gid;
    uint16_t mode, pad;
    uint64_t ino, size, blocks, attributes_mask;
    struct linux_statx_timestamp atime, btime, ctime, mtime;
    uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
    uint64_t mnt_id;
    uint64_t spare[13];
};

struct linux_statfs {
    int64_t type, bsize;
    uint64_t blocks, bfree, bavail, files, ffree;
    int32_t fsid[2];
    int64_t namelen, frsize, flags, spare[4];
};

#define ST_RDONLY 1
#define ST_VALID  0x20

/* getdents64(2): this header, the name with its NUL, padding to 8 bytes. */
struct linux_dirent64 {
    uint64_t ino;
    int64_t off;
    uint16_t reclen;
    uint8_t type; /* DT_*: st_mode >> 12 */
    char name[];
};
#define DIRENT64_NAME 19u /* offset of name */

struct linux_open_how {
    uint64_t flags, mode, resolve;
};

struct linux_pollfd {
    int32_t fd;
    int16_t events, revents;
};

_Static_assert(sizeof(struct linux_stat) == 144, "kernel ABI");
_Static_assert(sizeof(struct linux_statx) == 256, "kernel ABI");
_Static_assert(sizeof(struct linux_statfs) == 120, "kernel ABI");
_Static_assert(sizeof(struct linux_pollfd) == 8, "kernel ABI");

#endif
