/* SPDX-License-Identifier: BSD-3-Clause
 *
 * struct file: an open file, what dup and (later) fork share: position, flags and the object
 * behind, reached through a const table of operations. Files are counted: each slot of a
 * descriptor table holds a reference, and a system call holds one while it works. A concrete file
 * (an inode's, a pipe end, a standard file of the host) embeds struct file and adds its own
 * members; the last file_put calls ops->free.
 *
 * Operations that a file has not are NULL; the functions below answer for them as Linux does.
 * They may sleep: no lock is held when they are called.
 */
#ifndef ENCLAVE_FILE_FILE_H
#define ENCLAVE_FILE_FILE_H

#include "enclave/file/attr.h"
#include "enclave/user/uio.h"

struct file;

#define DIR_NAME_SIZE (NAME_MAX + 1)

/* One directory entry; `next` is the position of the one behind it. */
struct dir_entry {
    uint64_t ino, next;
    uint32_t mode; /* type bits only */
    size_t name_size;
    char name[DIR_NAME_SIZE];
};

struct file_ops {
    const char *kind; /* "pipe", for log lines */
    bool seekable;
    bool is_device; /* seekable, but the position is always 0; cannot be synced */
    /* Moves bytes from/to off (ignored if not seekable). *done may be short; 0 is end of file. */
    err (*read)(struct file *f, struct uio *u, uint64_t off, size_t *done);
    err (*write)(struct file *f, struct uio *u, uint64_t off, size_t *done);
    err (*stat)(struct file *f, struct file_attr *out);
    err (*usage)(struct file *f, struct fs_usage *out);
    err (*change)(struct file *f, const struct file_change *c);
    /* The entry at or behind pos; *found is false at the end. */
    err (*next)(struct file *f, uint64_t pos, struct dir_entry *out, bool *found);
    /* The POLL* bits of `events`, and POLLERR/POLLHUP, that hold now. Without it: always ready. */
    err (*poll)(struct file *f, uint32_t events, uint32_t *ready);
    err (*ioctl)(struct file *f, uint32_t cmd, uaddr arg, int64_t *ret);
    err (*sync)(struct file *f);
    void (*free)(struct file *f);
};

struct file {
    const struct file_ops *ops;
    uint32_t refs;
    uint32_t flags; /* O_ACCMODE, O_APPEND, O_NONBLOCK, O_PATH, O_DIRECTORY */
    uint64_t pos;
};

/* A file with one reference, for the caller. */
void file_init(struct file *f, const struct file_ops *ops, uint32_t flags);
struct file *file_get(struct file *f);
void file_put(struct file *f); /* NULL is fine */

static inline void file_put_p(struct file **f) {
    file_put(*f);
}

bool file_readable(const struct file *f);
bool file_writable(const struct file *f);

/* read(2) and write(2): at the position, which moves. EBADF if not open for it. */
MUST err file_read(struct file *f, struct uio *u, size_t *done);
MUST err file_write(struct file *f, struct uio *u, size_t *done);
/* pread(2) and pwrite(2): at off. ESPIPE if the file has no position. */
MUST err file_pread(struct file *f, struct uio *u, uint64_t off, size_t *done);
MUST err file_pwrite(struct file *f, struct uio *u, uint64_t off, size_t *done);
/* Kernel memory in one call: fills dst as far as the file goes. */
MUST err file_pread_span(struct file *f, span dst, uint64_t off, size_t *done);
MUST err file_seek(struct file *f, int64_t off, int whence, uint64_t *pos);
MUST err file_stat(struct file *f, struct file_attr *out);
MUST err file_usage(struct file *f, struct fs_usage *out);
MUST err file_change(struct file *f, const struct file_change *c);
/* The next entry at f->pos, which the caller moves to out->next if it takes the entry. */
MUST err file_next(struct file *f, struct dir_entry *out, bool *found);
MUST err file_poll(struct file *f, uint32_t events, uint32_t *ready);
MUST err file_ioctl(struct file *f, uint32_t cmd, uaddr arg, int64_t *ret);
MUST err file_sync(struct file *f);

#endif
