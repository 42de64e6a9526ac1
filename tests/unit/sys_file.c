/* SPDX-License-Identifier: BSD-3-Clause
 * System calls about files, through the dispatcher, with the structures a program sees.
 */
#include "tests/lib/unit.h"

#include "base/heap.h"
#include "enclave/fs/stdio/stdio.h"
#include "tests/lib/fakehost.h"
#include "tests/lib/fakeuser.h"
#include "tests/lib/tree.h"

enum {
    NR_read = 0,
    NR_write = 1,
    NR_open = 2,
    NR_close = 3,
    NR_stat = 4,
    NR_fstat = 5,
    NR_lstat = 6,
    NR_poll = 7,
    NR_lseek = 8,
    NR_ioctl = 16,
    NR_pread64 = 17,
    NR_pwrite64 = 18,
    NR_readv = 19,
    NR_writev = 20,
    NR_access = 21,
    NR_pipe = 22,
    NR_select = 23,
    NR_dup = 32,
    NR_dup2 = 33,
    NR_sendfile = 40,
    NR_fcntl = 72,
    NR_truncate = 76,
    NR_ftruncate = 77,
    NR_getcwd = 79,
    NR_chdir = 80,
    NR_rename = 82,
    NR_mkdir = 83,
    NR_rmdir = 84,
    NR_link = 86,
    NR_unlink = 87,
    NR_symlink = 88,
    NR_readlink = 89,
    NR_chmod = 90,
    NR_umask = 95,
    NR_statfs = 137,
    NR_getdents64 = 217,
    NR_openat = 257,
    NR_newfstatat = 262,
    NR_utimensat = 280,
    NR_dup3 = 292,
    NR_pipe2 = 293,
    NR_preadv = 295,
    NR_statx = 332,
    NR_close_range = 436,
    NR_openat2 = 437,
    NR_lsetxattr = 189,
    NR_getxattr = 191,
    NR_lgetxattr = 192,
    NR_fgetxattr = 193,
    NR_listxattr = 194,
    NR_llistxattr = 195,
    NR_flistxattr = 196,
    NR_fremovexattr = 199,
};

#define CWD ((uint64_t)-100)

static uint64_t str(const char *s) {
    return fakeuser_str(s).va;
}

static int64_t open_file(const char *path, uint32_t flags) {
    return SYS(NR_open, str(path), flags, 0644);
}

/* One call by path: what it answers, expected to be an errno or 0. */
struct row {
    uint64_t nr;
    const char *a, *b;
    uint64_t flags; /* the argument behind the path(s) */
    int no;
};

static void run_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct row *r = &rows[i];
        uint64_t second = r->b != NULL ? str(r->b) : r->flags;
        int64_t got = SYS(r->nr, str(r->a), second, r->b != NULL ? r->flags : 0644);

        if (got >= 0 ? r->no != 0 : -got != r->no)
            fail_msg("row %zu: call %llu \"%s\" \"%s\": got %s, expected %s", i,
                     (unsigned long long)r->nr, r->a, r->b != NULL ? r->b : "",
                     got < 0 ? err_name((int)-got) : "OK", r->no != 0 ? err_name(r->no) : "OK");
    }
}

static void changes_fail_as_on_linux(void **state) {
    static const struct row rows[] = {
        {NR_mkdir, "/a", NULL, 0755, 0},
        {NR_mkdir, "/a", NULL, 0755, EEXIST},
        {NR_mkdir, "/a/", NULL, 0755, EEXIST},
        {NR_mkdir, "/a/.", NULL, 0755, EEXIST},
        {NR_mkdir, "/", NULL, 0755, EEXIST},
        {NR_mkdir, "/x/y", NULL, 0755, ENOENT},
        {NR_mkdir, "/a/b/", NULL, 0755, 0},
        {NR_mkdir, "", NULL, 0755, ENOENT},
        {NR_open, "/a/f", NULL, O_CREAT | O_RDWR, 0},
        {NR_open, "/a/f", NULL, O_CREAT | O_EXCL, EEXIST},
        {NR_open, "/a/f/", NULL, O_RDONLY, ENOTDIR},
        {NR_open, "/a/new/", NULL, O_CREAT | O_RDWR, EISDIR},
        {NR_open, "/a", NULL, O_RDWR, EISDIR},
        {NR_open, "/a", NULL, O_CREAT, EISDIR},
        {NR_open, "/a/f", NULL, O_DIRECTORY, ENOTDIR},
        {NR_open, "/none", NULL, O_RDONLY, ENOENT},
        {NR_mkdir, "/a/f/x", NULL, 0755, ENOTDIR},
        {NR_rmdir, "/a", NULL, 0, ENOTEMPTY},
        {NR_rmdir, "/a/f", NULL, 0, ENOTDIR},
        {NR_rmdir, "/a/.", NULL, 0, EINVAL},
        {NR_rmdir, "/a/b/..", NULL, 0, ENOTEMPTY},
        {NR_rmdir, "/", NULL, 0, EBUSY},
        {NR_rmdir, "/dev", NULL, 0, EBUSY},
        {NR_unlink, "/a", NULL, 0, EISDIR},
        {NR_unlink, "/a/.", NULL, 0, EISDIR},
        {NR_unlink, "/a/f/", NULL, 0, ENOTDIR},
        {NR_unlink, "/none", NULL, 0, ENOENT},
        {NR_symlink, "f", "/a/s", 0, 0},
        {NR_symlink, "f", "/a/s", 0, EEXIST},
        {NR_symlink, "", "/a/s2", 0, ENOENT},
        {NR_symlink, "f", "/a/s2/", 0, ENOENT},
        {NR_open, "/a/s", NULL, O_NOFOLLOW, ELOOP},
        {NR_open, "/a/s", NULL, O_CREAT | O_EXCL, EEXIST},
        {NR_open, "/a/s", NULL, O_RDONLY, 0},
        {NR_symlink, "/a/made", "/a/dangling", 0, 0},
        {NR_open, "/a/dangling", NULL, O_CREAT | O_WRONLY, 0}, /* makes the target */
        {NR_access, "/a/made", NULL, R_OK, 0},
        {NR_access, "/a/made", NULL, X_OK, EACCES},
        {NR_access, "/a", NULL, X_OK, 0},
        {NR_link, "/a/f", "/a/g", 0, 0},
        {NR_link, "/a", "/a2", 0, EPERM},
        {NR_link, "/a/f", "/dev/f", 0, EXDEV},
        {NR_link, "/a/f", "/a/g", 0, EEXIST},
        {NR_rename, "/a/f", "/a/g", 0, 0}, /* the same file: both names stay */
        {NR_access, "/a/f", NULL, F_OK, 0},
        {NR_rename, "/none", "/x", 0, ENOENT},
        {NR_rename, "/a", "/a/b/c", 0, EINVAL},
        {NR_rename, "/a/b", "/a", 0, ENOTEMPTY},
        {NR_rename, "/a/b", "/a/f", 0, ENOTDIR},
        {NR_rename, "/a/f", "/a/b", 0, EISDIR},
        {NR_rename, "/a/f", "/x/", 0, ENOTDIR},
        {NR_rename, "/a/.", "/x", 0, EBUSY},
        {NR_rename, "/a/f", "/dev/f", 0, EXDEV},
        {NR_rename, "/dev", "/x", 0, EBUSY},
        {NR_rename, "/a/b", "/c", 0, 0},
        {NR_access, "/c", NULL, F_OK, 0},
        {NR_access, "/a/b", NULL, F_OK, ENOENT},
        {NR_truncate, "/a", NULL, 0, EISDIR},
        {NR_truncate, "/dev/null", NULL, 0, EINVAL},
        {NR_truncate, "/a/f", NULL, (uint64_t)-1, EINVAL},
    };

    run_rows(rows, COUNT_OF(rows));
}

static void a_read_only_system_says_erofs(void **state) {
    static const struct row rows[] = {
        {NR_open, "/ro/f", NULL, O_RDONLY, 0},    {NR_open, "/ro/f", NULL, O_RDWR, EROFS},
        {NR_open, "/ro/f", NULL, O_TRUNC, EROFS}, {NR_open, "/ro/new", NULL, O_CREAT, EROFS},
        {NR_open, "/ro/f", NULL, O_CREAT, 0},     {NR_open, "/ro/d", NULL, O_RDWR, EISDIR},
        {NR_mkdir, "/ro/f", NULL, 0755, EEXIST},  {NR_mkdir, "/ro/new", NULL, 0755, EROFS},
        {NR_unlink, "/ro/none", NULL, 0, EROFS},  {NR_rmdir, "/ro/d", NULL, 0, EROFS},
        {NR_rename, "/ro/f", "/ro/g", 0, EROFS},  {NR_rename, "/ro/f", "/g", 0, EXDEV},
        {NR_chmod, "/ro/f", NULL, 0600, EROFS},   {NR_truncate, "/ro/f", NULL, 0, EROFS},
        {NR_access, "/ro/f", NULL, W_OK, EROFS},  {NR_access, "/ro/f", NULL, R_OK, 0},
        {NR_link, "/ro/f", "/ro/g", 0, EROFS},    {NR_symlink, "x", "/ro/s", 0, EROFS},
    };

    run_rows(rows, COUNT_OF(rows));
}

static void entries_of_getdents64_are_laid_out_as_linux_does(void **state) {
    uaddr buf = fakeuser_room(4096);
    struct linux_dirent64 *e;
    int64_t fd;

    tree_dir("/d");
    tree_file("/d/a", "");
    tree_file("/d/abcde", ""); /* 19 + 6 = 25: padded to 32 */
    tree_link("/d/ln", "a");
    fd = open_file("/d", O_RDONLY | O_DIRECTORY);
    assert_int_equal(SYS(NR_getdents64, (uint64_t)fd, buf.va, 23), -EINVAL);
    assert_int_equal(SYS(NR_getdents64, (uint64_t)fd, buf.va, 4096), 24 + 24 + 24 + 32 + 24);
    e = fakeuser_at(buf, 128);
    assert_string_equal(e->name, ".");
    assert_int_equal(e->type, 4);
    e = fakeuser_at(UADDR(buf.va + 24), 104);
    assert_string_equal(e->name, "..");
    e = fakeuser_at(UADDR(buf.va + 72), 56);
    assert_string_equal(e->name, "abcde");
    assert_int_equal(e->reclen, 32);
    assert_int_equal(e->type, 8);
    assert_int_equal(SYS(NR_lseek, (uint64_t)fd, (uint64_t)e->off, SEEK_SET), e->off);
    assert_int_equal(SYS(NR_getdents64, (uint64_t)fd, buf.va, 4096), 24);
    e = fakeuser_at(buf, 24);
    assert_string_equal(e->name, "ln");
    assert_int_equal(e->type, 10);
    assert_int_equal(SYS(NR_getdents64, (uint64_t)fd, buf.va, 4096), 0);
    assert_int_equal(SYS(NR_getdents64, 0, buf.va, 4096), -ENOTDIR);
}

static void listing_survives_removal_in_between(void **state) {
    uaddr buf = fakeuser_room(4096);
    int64_t fd;
    int removed = 0;
    char name[32];

    tree_dir("/d");
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof(name), "/d/%03d", i);
        tree_file(name, "");
    }
    fd = open_file("/d", O_RDONLY);
    for (int64_t n; (n = SYS(NR_getdents64, (uint64_t)fd, buf.va, 100)) > 0;) {
        for (int64_t at = 0; at < n;) {
            struct linux_dirent64 *e = fakeuser_at(UADDR(buf.va + (uint64_t)at), 24);

            at += e->reclen;
            if (e->name[0] == '.')
                continue;
            snprintf(name, sizeof(name), "/d/%.3s", e->name);
            assert_int_equal(SYS(NR_unlink, str(name)), 0);
            removed++;
        }
    }
    assert_int_equal(removed, 100);
    assert_int_equal(SYS(NR_rmdir, str("/d")), 0);
}

static void stat_and_statx_agree(void **state) {
    uaddr buf = fakeuser_room(256);
    struct linux_statx *x;
    struct linux_stat *st;

    tree_file("/f", "hello");
    assert_int_equal(SYS(NR_stat, str("/f"), buf.va), 0);
    st = fakeuser_at(buf, sizeof(*st));
    assert_int_equal(st->mode, S_IFREG | 0644);
    assert_int_equal(st->size, 5);
    assert_int_equal(st->nlink, 1);
    assert_int_equal(st->blocks, 8);
    assert_int_equal(st->blksize, 4096);
    assert_int_equal(st->mtime.sec, 1700000000);
    assert_int_equal(SYS(NR_statx, CWD, str("/f"), 0, STATX_BASIC_STATS, buf.va), 0);
    x = fakeuser_at(buf, sizeof(*x));
    assert_int_equal(x->mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
    assert_int_equal(x->mode, S_IFREG | 0644);
    assert_int_equal(x->size, 5);
    assert_int_equal(x->mtime.sec, 1700000000);
    assert_int_equal(SYS(NR_statx, 1, str(""), AT_EMPTY_PATH, 0, buf.va), 0);
    assert_int_equal(x->mode, S_IFIFO | 0600);
    assert_int_equal(SYS(NR_statx, 1, str(""), 0, 0, buf.va), -ENOENT);
    assert_int_equal(SYS(NR_statx, 1, str("x"), 0, 0, buf.va), -ENOTDIR);
    assert_int_equal(SYS(NR_statx, 99, str("x"), 0, 0, buf.va), -EBADF);
    assert_int_equal(SYS(NR_statx, 99, str("/f"), 0, 0, buf.va), 0);
    assert_int_equal(SYS(NR_statx, CWD, str("/f"), 0x6000, 0, buf.va), -EINVAL);
    assert_int_equal(SYS(NR_stat, str("/dev/null"), buf.va), 0);
    assert_int_equal(st->rdev, 0x103);
    assert_int_equal(st->mode, S_IFCHR | 0666);
    assert_int_equal(SYS(NR_stat, str("/f"), FAKEUSER_END - 8), -EFAULT);
    assert_int_equal(SYS(NR_stat, FAKEUSER_END, buf.va), -EFAULT);
}

static void no_file_has_extended_attributes(void **state) {
    uint64_t name = str("security.selinux");
    int64_t fd;

    tree_file("/f", "hello");
    fd = open_file("/f", 0);

    assert_int_equal(SYS(NR_getxattr, str("/f"), name, 0, 0), -EOPNOTSUPP);
    assert_int_equal(SYS(NR_lsetxattr, str("/f"), name, 0, 0, 0), -EOPNOTSUPP);
    assert_int_equal(SYS(NR_fremovexattr, (uint64_t)fd, name), -EOPNOTSUPP);
    assert_int_equal(SYS(NR_llistxattr, str("/f"), 0, 0), 0);
    assert_int_equal(SYS(NR_flistxattr, (uint64_t)fd, 0, 0), 0);
    assert_int_equal(SYS(NR_lgetxattr, str("/none"), name, 0, 0), -ENOENT);
    assert_int_equal(SYS(NR_listxattr, str("/none"), 0, 0), -ENOENT);
    assert_int_equal(SYS(NR_fgetxattr, 99, name, 0, 0), -EBADF);
}

static void files_hold_what_was_written(void **state) {
    uaddr buf = fakeuser_room(8192);
    int64_t fd = open_file("/f", O_CREAT | O_RDWR);
    uint64_t f = (uint64_t)fd;
    uint8_t *bytes = fakeuser_at(buf, 8192);

    memset(bytes, 'x', 8192);
    assert_int_equal(SYS(NR_pwrite64, f, buf.va, 10, 5000), 10);
    memset(bytes, 'y', 8192);
    assert_int_equal(SYS(NR_read, f, buf.va, 8192), 5010);
    assert_int_equal(bytes[0], 0);
    assert_int_equal(bytes[4999], 0);
    assert_int_equal(bytes[5000], 'x');
    assert_int_equal(bytes[5010], 'y');
    assert_int_equal(SYS(NR_read, f, buf.va, 10), 0);
    assert_int_equal(SYS(NR_ftruncate, f, 5005), 0);
    assert_int_equal(SYS(NR_ftruncate, f, 6000), 0);
    assert_int_equal(SYS(NR_pread64, f, buf.va, 10, 5000), 10);
    assert_memory_equal(bytes, "xxxxx\0\0\0\0\0", 10);
    assert_int_equal(SYS(NR_lseek, f, (uint64_t)-1, SEEK_END), 5999);
    assert_int_equal(SYS(NR_lseek, f, (uint64_t)-1, SEEK_SET), -EINVAL);
    assert_int_equal(SYS(NR_lseek, f, 6000, SEEK_DATA), -ENXIO);
    assert_int_equal(SYS(NR_lseek, f, 0, 9), -EINVAL);
    assert_int_equal(SYS(NR_pread64, f, buf.va, 1, (uint64_t)-1), -EINVAL);
    assert_int_equal(SYS(NR_write, f, FAKEUSER_END, 1), -EFAULT);
    assert_int_equal(SYS(NR_read, f, FAKEUSER_END, 0), 0);
}

static void append_writes_at_the_end(void **state) {
    uint64_t f;

    tree_file("/f", "12345");
    f = (uint64_t)open_file("/f", O_WRONLY | O_APPEND);
    assert_int_equal(SYS(NR_write, f, str("67"), 2), 2);
    assert_int_equal(SYS(NR_lseek, f, 0, SEEK_CUR), 7);
    assert_int_equal(SYS(NR_lseek, f, 0, SEEK_SET), 0);
    assert_int_equal(SYS(NR_write, f, str("8"), 1), 1);
    assert_int_equal(SYS(NR_lseek, f, 0, SEEK_CUR), 8);
    assert_int_equal(SYS(NR_read, f, FAKEUSER_BASE, 1), -EBADF);
}

static void an_unlinked_file_lives_while_it_is_open(void **state) {
    uaddr buf = fakeuser_room(64);
    uint64_t f;

    tree_file("/f", "alive");
    f = (uint64_t)open_file("/f", O_RDONLY);
    assert_int_equal(SYS(NR_unlink, str("/f")), 0);
    assert_int_equal(SYS(NR_read, f, buf.va, 64), 5);
    assert_int_equal(SYS(NR_readlink, str("/proc/self/fd/3"), buf.va, 64), 12);
    assert_memory_equal(fakeuser_at(buf, 12), "/f (deleted)", 12);
    assert_int_equal(open_file("/f", O_RDONLY), -ENOENT);
    assert_int_equal(open_file("/proc/self/fd/3", O_RDONLY), 4);
}

static void pipes_carry_bytes_and_end(void **state) {
    uaddr fds = fakeuser_room(8);
    uaddr buf = fakeuser_room(70000);
    int32_t *no;
    struct linux_pollfd p[2];
    uaddr polls;

    assert_int_equal(SYS(NR_pipe2, fds.va, O_NONBLOCK), 0);
    no = fakeuser_at(fds, 8);
    assert_int_equal(no[0], 3);
    assert_int_equal(no[1], 4);
    assert_int_equal(SYS(NR_read, 3, buf.va, 10), -EAGAIN);
    assert_int_equal(SYS(NR_write, 3, buf.va, 10), -EBADF);
    assert_int_equal(SYS(NR_write, 4, str("abc"), 3), 3);
    assert_int_equal(SYS(NR_pread64, 3, buf.va, 10, 0), -ESPIPE);
    assert_int_equal(SYS(NR_lseek, 3, 0, SEEK_CUR), -ESPIPE);
    assert_int_equal(SYS(NR_ioctl, 3, FIONREAD, buf.va), 0);
    assert_int_equal(*(int *)fakeuser_at(buf, 4), 3);
    assert_int_equal(SYS(NR_read, 3, buf.va, 10), 3);
    assert_int_equal(SYS(NR_write, 4, buf.va, 70000), 65536);
    assert_int_equal(SYS(NR_write, 4, buf.va, 1), -EAGAIN);
    assert_int_equal(SYS(NR_read, 3, buf.va, 4000), 4000);
    assert_int_equal(SYS(NR_write, 4, buf.va, 4096), -EAGAIN); /* whole or not at all */
    p[0] = (struct linux_pollfd){.fd = 3, .events = POLLIN};
    p[1] = (struct linux_pollfd){.fd = 4, .events = POLLOUT};
    polls = fakeuser_put(p, sizeof(p));
    assert_int_equal(SYS(NR_poll, polls.va, 2, 0), 1);
    assert_int_equal(SYS(NR_close, 4), 0);
    assert_int_equal(SYS(NR_read, 3, buf.va, 70000), 61536);
    assert_int_equal(SYS(NR_read, 3, buf.va, 10), 0);
    assert_int_equal(SYS(NR_poll, polls.va, 2, 0), 2);
    memcpy(p, fakeuser_at(polls, sizeof(p)), sizeof(p));
    assert_int_equal(p[0].revents, POLLHUP);
    assert_int_equal(p[1].revents, POLLNVAL);
    assert_int_equal(SYS(NR_close, 3), 0);
}

static void writing_where_nobody_reads_is_sigpipe(void **state) {
    uaddr fds = fakeuser_room(8);

    assert_int_equal(SYS(NR_pipe, fds.va), 0);
    assert_int_equal(SYS(NR_close, 3), 0);
    assert_int_equal(SYS(NR_write, 4, str("x"), 1), -EPIPE);
    assert_int_equal(fakehost.last_signal, 13);
}

static void standard_files_go_through_the_host(void **state) {
    uaddr buf = fakeuser_room(64);
    struct user_iovec v[3];
    uaddr hello = fakeuser_str("hello ");
    uaddr world = fakeuser_str("world");

    fakehost_input(0, "typed");
    assert_int_equal(SYS(NR_read, 0, buf.va, 64), 5);
    assert_int_equal(SYS(NR_read, 0, buf.va, 64), 0);
    fakehost.files[1].piece = 2; /* the host takes small pieces: all must arrive */
    v[0] = (struct user_iovec){hello.va, 6};
    v[1] = (struct user_iovec){0, 0};
    v[2] = (struct user_iovec){world.va, 5};
    assert_int_equal(SYS(NR_writev, 1, fakeuser_put(v, sizeof(v)).va, 3), 11);
    assert_memory_equal(fakehost.files[1].output, "hello world", 11);
    assert_int_equal(SYS(NR_writev, 1, fakeuser_put(v, sizeof(v)).va, 1025), -EINVAL);
    assert_int_equal(SYS(NR_lseek, 0, 0, SEEK_CUR), -ESPIPE);
    assert_int_equal(SYS(NR_ioctl, 1, TCGETS, buf.va), -ENOTTY);
    assert_int_equal(open_file("/dev/tty", O_RDWR), -ENXIO);
    assert_int_equal(open_file("/dev/stdout", O_WRONLY), 3);
    assert_int_equal(SYS(NR_write, 3, str("!"), 1), 1);
    assert_int_equal(fakehost.files[1].output_size, 12);
    fakehost.files[1].fail_write = EPIPE;
    assert_int_equal(SYS(NR_write, 1, str("!"), 1), -EPIPE);
}

static void poll_waits_for_the_host_or_the_clock(void **state) {
    struct linux_pollfd p = {.fd = 0, .events = POLLIN};
    uaddr at = fakeuser_put(&p, sizeof(p));
    uint64_t start = fakehost.now;

    assert_int_equal(SYS(NR_poll, at.va, 1, (uint64_t)-1), 1);
    fakehost.files[0].ready = 0;
    assert_int_equal(SYS(NR_poll, at.va, 1, 50), 0);
    assert_int_equal(fakehost.now - start, 50000000);
    assert_int_equal(SYS(NR_poll, 0, 0, 1500), 0);
    assert_int_equal(fakehost.now - start, 1550000000);
    assert_int_equal(SYS(NR_poll, at.va, 1025, 0), -EINVAL);
}

static void select_uses_bit_sets(void **state) {
    uint64_t in = 1 | 4;
    uaddr at = fakeuser_put(&in, 8);
    uint64_t zero[2] = {0, 0};
    uaddr timeout = fakeuser_put(zero, sizeof(zero));

    fakehost.files[2].ready = 0;
    assert_int_equal(SYS(NR_select, 3, at.va, 0, 0, timeout.va), 1);
    assert_int_equal(*(uint64_t *)fakeuser_at(at, 8), 1);
    in = 32;
    at = fakeuser_put(&in, 8);
    assert_int_equal(SYS(NR_select, 6, at.va, 0, 0, timeout.va), -EBADF);
}

static void descriptors_are_copied_and_closed(void **state) {
    tree_file("/f", "abc");
    assert_int_equal(open_file("/f", O_RDONLY | O_CLOEXEC), 3);
    assert_int_equal(SYS(NR_fcntl, 3, F_GETFD), FD_CLOEXEC);
    assert_int_equal(SYS(NR_dup, 3), 4);
    assert_int_equal(SYS(NR_fcntl, 4, F_GETFD), 0);
    assert_int_equal(SYS(NR_dup2, 3, 9), 9);
    assert_int_equal(SYS(NR_dup2, 3, 3), 3);
    assert_int_equal(SYS(NR_dup2, 77, 77), -EBADF);
    assert_int_equal(SYS(NR_dup3, 3, 3, 0), -EINVAL);
    assert_int_equal(SYS(NR_dup2, 3, 1024), -EBADF);
    assert_int_equal(SYS(NR_fcntl, 3, F_DUPFD, 9), 10);
    assert_int_equal(SYS(NR_fcntl, 3, F_DUPFD, 1024), -EINVAL);
    assert_int_equal(SYS(NR_lseek, 3, 2, SEEK_SET), 2);
    assert_int_equal(SYS(NR_lseek, 9, 0, SEEK_CUR), 2); /* one position for all copies */
    assert_int_equal(SYS(NR_close_range, 4, 9, 0), 0);
    assert_int_equal(SYS(NR_close, 9), -EBADF);
    assert_int_equal(SYS(NR_close, 10), 0);
    assert_int_equal(SYS(NR_close_range, 5, 4, 0), -EINVAL);
}

static void sendfile_moves_between_files(void **state) {
    uint64_t off = 1;
    uaddr at = fakeuser_put(&off, 8);

    tree_file("/f", "abcdef");
    assert_int_equal(open_file("/f", O_RDONLY), 3);
    assert_int_equal(SYS(NR_sendfile, 1, 3, at.va, 3), 3);
    assert_memory_equal(fakehost.files[1].output, "bcd", 3);
    assert_int_equal(*(uint64_t *)fakeuser_at(at, 8), 4);
    assert_int_equal(SYS(NR_lseek, 3, 0, SEEK_CUR), 0);
    assert_int_equal(SYS(NR_sendfile, 1, 3, 0, 1000), 6);
    assert_int_equal(SYS(NR_lseek, 3, 0, SEEK_CUR), 6);
    assert_int_equal(SYS(NR_sendfile, 1, 0, 0, 10), -EINVAL);
}

static void a_terminal_answers_ioctl_and_has_a_name(void **state) {
    uaddr buf = fakeuser_room(64);
    struct host_winsize *w = fakeuser_at(buf, sizeof(*w));
    struct linux_stat st[2];

    fakehost.files[0].st = (struct host_stat){.type = HOST_FILE_TTY, .flags = O_RDWR};
    fdtable_free(tree.proc.files);
    assert_int_equal(fdtable_new(&tree.proc.files).no, 0);
    assert_int_equal(stdio_install(tree.proc.files).no, 0);
    assert_int_equal(SYS(NR_ioctl, 0, TIOCGWINSZ, buf.va), 0);
    assert_int_equal(w->col, 80);
    assert_int_equal(SYS(NR_ioctl, 0, TCGETS, buf.va), 0);
    assert_int_equal(SYS(NR_ioctl, 0, TCSETSF, buf.va), 0);
    assert_int_equal(SYS(NR_readlink, str("/proc/self/fd/0"), buf.va, 64), 8);
    assert_memory_equal(fakeuser_at(buf, 8), "/dev/tty", 8);
    for (int i = 0; i < 2; i++) {
        uaddr at = fakeuser_room(sizeof(st[0]));

        assert_int_equal(i == 0 ? SYS(NR_fstat, 0, at.va) : SYS(NR_stat, str("/dev/tty"), at.va),
                         0);
        memcpy(&st[i], fakeuser_at(at, sizeof(st[0])), sizeof(st[0]));
    }
    assert_int_equal(st[0].dev, st[1].dev);
    assert_int_equal(st[0].ino, st[1].ino);
    assert_int_equal(st[0].rdev, st[1].rdev);
    assert_int_equal(open_file("/dev/tty", O_RDWR), 3);
}

static void closed_standard_files_are_not_open_inside(void **state) {
    fakehost.files[0].st.type = HOST_FILE_CLOSED;
    fdtable_free(tree.proc.files);
    assert_int_equal(fdtable_new(&tree.proc.files).no, 0);
    assert_int_equal(stdio_install(tree.proc.files).no, 0);
    tree_file("/f", "");
    assert_int_equal(SYS(NR_read, 0, FAKEUSER_BASE, 1), -EBADF);
    assert_int_equal(open_file("/f", O_RDONLY), 0);
}

static void devices_do_what_their_names_say(void **state) {
    uaddr buf = fakeuser_room(4096);
    uint8_t *b = fakeuser_at(buf, 4096);

    assert_int_equal(open_file("/dev/null", O_RDWR), 3);
    assert_int_equal(SYS(NR_read, 3, buf.va, 10), 0);
    assert_int_equal(SYS(NR_write, 3, buf.va, 10), 10);
    assert_int_equal(SYS(NR_lseek, 3, 5, SEEK_SET), 0);
    assert_int_equal(open_file("/dev/zero", O_RDWR), 4);
    assert_int_equal(SYS(NR_read, 4, buf.va, 4096), 4096);
    assert_int_equal(b[0] | b[4095], 0);
    assert_int_equal(open_file("/dev/full", O_RDWR), 5);
    assert_int_equal(SYS(NR_write, 5, buf.va, 10), -ENOSPC);
    assert_int_equal(open_file("/dev/urandom", O_RDONLY), 6);
    assert_int_equal(SYS(NR_read, 6, buf.va, 1000), 1000);
    assert_true(b[0] != 0 || b[1] != 0 || b[2] != 0 || b[3] != 0 || b[4] != 0);
    assert_int_equal(open_file("/dev/new", O_CREAT | O_RDWR), -EACCES);
}

static void proc_tells_about_the_caller(void **state) {
    uaddr buf = fakeuser_room(4096);
    char *text = fakeuser_at(buf, 4096);
    int64_t n;

    assert_int_equal(SYS(NR_readlink, str("/proc/self"), buf.va, 64), 1);
    assert_int_equal(text[0], '2');
    assert_int_equal(SYS(NR_readlink, str("/proc/self/exe"), buf.va, 64), 9);
    assert_memory_equal(text, "/bin/test", 9);
    assert_int_equal(open_file("/proc/uptime", O_RDONLY), 3);
    n = SYS(NR_read, 3, buf.va, 4096);
    assert_memory_equal(text, "1.23 0.00\n", (size_t)n);
    assert_int_equal(open_file("/proc/self/mounts", O_RDONLY), 4);
    n = SYS(NR_read, 4, buf.va, 4096);
    text[n] = '\0';
    assert_string_equal(text, "tmpfs / tmpfs rw 0 0\ndevtmpfs /dev devtmpfs rw 0 0\n"
                              "proc /proc proc rw 0 0\ntmpfs /ro tmpfs ro 0 0\n");
    assert_int_equal(open_file("/proc/self/fd", O_RDONLY), 5);
    assert_int_equal(SYS(NR_getdents64, 5, buf.va, 4096), 24 * 8);
    assert_int_equal(open_file("/proc/version", O_RDWR), 6);
    assert_int_equal(SYS(NR_write, 6, buf.va, 1), -EINVAL);
    assert_int_equal(SYS(NR_unlink, str("/proc/version")), -EPERM);
}

static void working_directory_and_umask(void **state) {
    uaddr buf = fakeuser_room(64);

    tree_dir("/d");
    assert_int_equal(SYS(NR_chdir, str("/d")), 0);
    assert_int_equal(SYS(NR_getcwd, buf.va, 64), 3);
    assert_string_equal(fakeuser_at(buf, 3), "/d");
    assert_int_equal(SYS(NR_getcwd, buf.va, 2), -ERANGE);
    assert_int_equal(SYS(NR_rmdir, str("/d")), 0);
    assert_int_equal(SYS(NR_getcwd, buf.va, 64), -ENOENT);
    assert_int_equal(open_file("x", O_CREAT), -ENOENT);
    assert_int_equal(SYS(NR_chdir, str("..")), 0);
    assert_int_equal(SYS(NR_getcwd, buf.va, 64), 2);
    assert_int_equal(SYS(NR_umask, 077), 022);
    assert_int_equal(SYS(NR_umask, 01777), 077);
    assert_int_equal(SYS(NR_umask, 0), 0777);
}

static void times_are_set_to_the_nanosecond(void **state) {
    struct linux_timespec ts[2] = {{5, 7}, {-1, UTIME_OMIT}};
    uaddr buf = fakeuser_room(144);
    struct linux_stat *st = fakeuser_at(buf, sizeof(*st));

    tree_file("/f", "");
    assert_int_equal(SYS(NR_utimensat, CWD, str("/f"), fakeuser_put(ts, sizeof(ts)).va, 0), 0);
    assert_int_equal(SYS(NR_stat, str("/f"), buf.va), 0);
    assert_int_equal(st->atime.sec, 5);
    assert_int_equal(st->atime.nsec, 7);
    assert_int_equal(st->mtime.sec, 1700000000);
    ts[0].nsec = 1000000000;
    assert_int_equal(SYS(NR_utimensat, CWD, str("/f"), fakeuser_put(ts, sizeof(ts)).va, 0),
                     -EINVAL);
}

static void a_read_after_a_write_moves_the_access_time(void **state) {
    uaddr buf = fakeuser_room(144);
    struct linux_stat *st = fakeuser_at(buf, sizeof(*st));

    tree_file("/f", "text");
    assert_int_equal(open_file("/f", O_RDONLY), 3);
    for (int i = 1; i <= 2; i++) {
        fakehost.now += 1000000000;
        assert_int_equal(SYS(NR_pread64, 3, buf.va, 4, 0), 4);
        assert_int_equal(SYS(NR_fstat, 3, buf.va), 0);
        assert_int_equal(st->atime.sec, 1700000001); /* only the first read since the write */
    }
}

static void statfs_names_the_kind(void **state) {
    uaddr buf = fakeuser_room(120);
    struct linux_statfs *s = fakeuser_at(buf, sizeof(*s));

    assert_int_equal(SYS(NR_statfs, str("/ro"), buf.va), 0);
    assert_int_equal(s->type, TMPFS_MAGIC);
    assert_int_equal(s->flags & ST_RDONLY, ST_RDONLY);
    assert_int_equal(s->namelen, 255);
    assert_int_equal(SYS(NR_statfs, str("/proc"), buf.va), 0);
    assert_int_equal(s->type, PROC_SUPER_MAGIC);
}

static void openat2_checks_its_structure(void **state) {
    struct linux_open_how how[2] = {{.flags = O_RDONLY}, {0}};
    uaddr at = fakeuser_put(how, sizeof(how));

    assert_int_equal(SYS(NR_openat2, CWD, str("/ro/f"), at.va, 24), 3);
    assert_int_equal(SYS(NR_openat2, CWD, str("/ro/f"), at.va, 48), 4);
    assert_int_equal(SYS(NR_openat2, CWD, str("/ro/f"), at.va, 23), -EINVAL);
    how[1].flags = 1;
    at = fakeuser_put(how, sizeof(how));
    assert_int_equal(SYS(NR_openat2, CWD, str("/ro/f"), at.va, 48), -E2BIG);
    how[0].mode = 1;
    at = fakeuser_put(how, sizeof(how));
    assert_int_equal(SYS(NR_openat2, CWD, str("/ro/f"), at.va, 24), -EINVAL);
}

/* A program's calls while every n-th allocation fails: errors, no leak (tree_stop counts). */
static void missing_memory_leaks_nothing(void **state) {
    for (uint64_t n = 1; n < 40; n++) {
        fakeuser_reset();
        heap_fail_at(n);
        (void)SYS(NR_mkdir, str("/d"), 0755);
        (void)open_file("/d/f", O_CREAT | O_RDWR);
        (void)SYS(NR_write, 3, str("text"), 4);
        (void)SYS(NR_symlink, str("f"), str("/d/s"));
        (void)SYS(NR_rename, str("/d/f"), str("/d/g"));
        (void)SYS(NR_getdents64, 3, fakeuser_room(512).va, 512);
        (void)SYS(NR_pipe, fakeuser_room(8).va);
        heap_fail_at(0);
        (void)SYS(NR_close_range, 3, 100, 0);
        (void)SYS(NR_unlink, str("/d/s"));
        (void)SYS(NR_unlink, str("/d/f"));
        (void)SYS(NR_unlink, str("/d/g"));
        (void)SYS(NR_rmdir, str("/d"));
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, tree_start, tree_stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        T(changes_fail_as_on_linux),
        T(a_read_only_system_says_erofs),
        T(entries_of_getdents64_are_laid_out_as_linux_does),
        T(listing_survives_removal_in_between),
        T(stat_and_statx_agree),
        T(no_file_has_extended_attributes),
        T(files_hold_what_was_written),
        T(append_writes_at_the_end),
        T(an_unlinked_file_lives_while_it_is_open),
        T(pipes_carry_bytes_and_end),
        T(writing_where_nobody_reads_is_sigpipe),
        T(standard_files_go_through_the_host),
        T(poll_waits_for_the_host_or_the_clock),
        T(select_uses_bit_sets),
        T(descriptors_are_copied_and_closed),
        T(sendfile_moves_between_files),
        T(a_terminal_answers_ioctl_and_has_a_name),
        T(closed_standard_files_are_not_open_inside),
        T(devices_do_what_their_names_say),
        T(proc_tells_about_the_caller),
        T(working_directory_and_umask),
        T(times_are_set_to_the_nanosecond),
        T(a_read_after_a_write_moves_the_access_time),
        T(statfs_names_the_kind),
        T(openat2_checks_its_structure),
        T(missing_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
