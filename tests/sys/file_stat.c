/* SPDX-License-Identifier: BSD-3-Clause
 * What stat, statx, access, readlink, chmod and utimensat say of files, links, devices and pipes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void show(const char *what, int result, const struct stat *st) {
    if (result < 0) {
        printf("%s: %s\n", what, strerror(errno));
        return;
    }
    printf("%s: mode %o links %d uid %d gid %d", what, st->st_mode, (int)st->st_nlink,
           (int)st->st_uid, (int)st->st_gid);
    if (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode))
        printf(" size %ld", (long)st->st_size);
    if (S_ISCHR(st->st_mode))
        printf(" device %u:%u", major(st->st_rdev), minor(st->st_rdev));
    printf("\n");
}

static void stat_of(const char *path) {
    struct stat st;

    show(path, stat(path, &st), &st);
    show(path, lstat(path, &st), &st);
}

static void say(const char *what, int result) {
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static void modes(void) {
    struct stat st;
    int fd;

    umask(027);
    fd = open("f", O_CREAT | O_RDWR, 06777);
    stat_of("f");
    say("chmod", chmod("f", 0600));
    stat_of("f");
    say("fchmod", fchmod(fd, 04755));
    show("fstat", fstat(fd, &st), &st);
    say("mkdir", mkdir("d", 0777));
    say("mkdir", mkdir("d/e", 0));
    stat_of("d/e");
    stat_of("d/e/");
    say("symlink", symlink("d", "l"));
    printf("link size %d\n", (int)(lstat("l", &st), st.st_size));
    stat_of("l/e");
    say("chown", chown("f", 5, 6));
    say("chown", lchown("l", 7, (gid_t)-1));
    stat_of("f");
    show("l", lstat("l", &st), &st);
    say("access x of f", access("f", X_OK));
    say("access wrong mode", access("f", 8));
    say("chmod", chmod("f", 0));
    say("access r of f", access("f", R_OK));
    say("access x of f", access("f", X_OK));
    say("open without permission bits", open("f", O_RDWR));
    close(fd);
}

static void times(void) {
    struct timespec ts[2] = {{1000, 5}, {2000, 6}};
    struct stat st;

    say("utimensat", utimensat(AT_FDCWD, "f", ts, 0));
    stat("f", &st);
    printf("atime %ld mtime %ld.%ld\n", (long)st.st_atime, (long)st.st_mtime, st.st_mtim.tv_nsec);
    ts[0].tv_nsec = UTIME_OMIT;
    ts[1].tv_sec = -5;
    say("utimensat", utimensat(AT_FDCWD, "f", ts, 0));
    stat("f", &st);
    printf("atime %ld mtime %ld.%ld\n", (long)st.st_atime, (long)st.st_mtime, st.st_mtim.tv_nsec);
    ts[0].tv_nsec = 1000000000;
    say("utimensat out of range", utimensat(AT_FDCWD, "f", ts, 0));
    say("utimensat wrong flag", utimensat(AT_FDCWD, "f", NULL, 1));
    say("utimensat none", utimensat(AT_FDCWD, "none", NULL, 0));
}

static void links(void) {
    char text[16] = "";

    printf("readlink %d\n", (int)readlink("l", text, sizeof(text)));
    printf("cut %d\n", (int)readlink("/proc/self", text, 0));
    say("readlink of a file", (int)readlink("f", text, sizeof(text)));
    say("readlink of nothing", (int)readlink("none", text, sizeof(text)));
    say("readlink into nothing", (int)syscall(SYS_readlink, "l", 8, 16));
}

/* Not every C library here has struct statx: mask, mode and size are at 0, 28 and 40. */
static long extra(const char *path, int flags, unsigned mask, unsigned char *x) {
    return syscall(332, AT_FDCWD, path, flags, mask, x);
}

static void extended(void) {
    unsigned char x[256];
    unsigned short mode;
    unsigned long size;

    say("statx", (int)extra("f", 0, 0x7ff, x));
    memcpy(&mode, x + 28, sizeof(mode));
    memcpy(&size, x + 40, sizeof(size));
    printf("mode %o size %lu mask %d\n", mode, size, x[0]);
    say("statx wrong flag", (int)extra("f", 1, 0, x));
    say("statx reserved mask", (int)extra("f", 0, 0x80000000u, x));
    say("statx both sync", (int)extra("f", 0x6000, 0, x));
    say("statx empty", (int)extra("", 0, 0, x));
    say("statx here", (int)extra("", AT_EMPTY_PATH, 0, x));
}

int main(void) {
    char dir[] = "/tmp/occlum-stat-XXXXXX";

    if (mkdtemp(dir) == NULL || chdir(dir) != 0)
        return 1;
    modes();
    times();
    links();
    extended();
    stat_of("/dev/null");
    stat_of("/dev/zero");
    stat_of("/dev/urandom");
    say("unlink", unlink("f"));
    return 0;
}
