/* SPDX-License-Identifier: BSD-3-Clause
 * Paths and changes of the tree: each row is one call in a fresh directory, with its errno.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(const char *what, const char *a, const char *b, int result) {
    printf("%s %.40s %.40s: %s\n", what, a, b, result < 0 ? strerror(errno) : "ok");
}

static void try_open(const char *path, int flags) {
    char what[32];
    int fd = open(path, flags, 0644);

    snprintf(what, sizeof(what), "open %o", flags);
    say(what, path, "", fd);
    if (fd >= 0)
        close(fd);
}

#define ONE(call, a, ...) say(#call, a, "", call(a, ##__VA_ARGS__))
#define TWO(call, a, b)   say(#call, a, b, call(a, b))

static void make(void) {
    ONE(mkdir, "a", 0755);
    ONE(mkdir, "a", 0755);
    ONE(mkdir, "a/", 0755);
    ONE(mkdir, ".", 0755);
    ONE(mkdir, "..", 0755);
    ONE(mkdir, "/", 0755);
    ONE(mkdir, "x/y", 0755);
    ONE(mkdir, "a/b/", 0755);
    ONE(mkdir, "", 0755);
    try_open("a/f", O_CREAT | O_RDWR);
    try_open("a/f", O_CREAT | O_EXCL | O_RDWR);
    try_open("a/f/", O_RDONLY);
    try_open("a/new/", O_CREAT | O_RDWR);
    try_open("a", O_RDWR);
    try_open("a", O_CREAT | O_RDONLY);
    try_open("a/", O_RDONLY);
    try_open("a/f", O_DIRECTORY);
    try_open("a/f/x", O_RDONLY);
    try_open("a/f/../f", O_RDONLY);
    try_open("none", O_RDONLY);
    try_open("none/", O_RDONLY);
    try_open("", O_RDONLY);
}

static void links(void) {
    TWO(symlink, "f", "a/s");
    TWO(symlink, "f", "a/s");
    TWO(symlink, "", "a/t");
    TWO(symlink, "f", "a/t/");
    TWO(symlink, "loop", "loop");
    TWO(symlink, "made", "dangling");
    TWO(symlink, "a/b/", "slash");
    TWO(symlink, "a/f/", "fslash");
    try_open("a/s", O_NOFOLLOW);
    try_open("a/s", O_RDONLY);
    try_open("a/s", O_CREAT | O_EXCL | O_WRONLY);
    try_open("a/s/", O_RDONLY);
    try_open("loop", O_RDONLY);
    try_open("loop", O_RDONLY | O_NOFOLLOW);
    try_open("loop", O_PATH | O_NOFOLLOW);
    try_open("loop/x", O_RDONLY);
    try_open("slash", O_RDONLY);
    try_open("slash", O_RDONLY | O_NOFOLLOW);
    try_open("slash/", O_RDONLY | O_NOFOLLOW);
    try_open("slash/.", O_RDONLY | O_NOFOLLOW);
    try_open("fslash", O_RDONLY);
    try_open("dangling", O_RDONLY);
    try_open("dangling", O_CREAT | O_EXCL | O_WRONLY);
    try_open("dangling", O_CREAT | O_WRONLY);
    ONE(access, "made", F_OK);
    TWO(link, "a/f", "a/g");
    TWO(link, "a/f", "a/g");
    TWO(link, "a", "a2");
    TWO(link, "none", "x");
    TWO(link, "a/f", "x/");
    TWO(link, "dangling", "d2");
    ONE(unlink, "d2");
}

static void moves(void) {
    TWO(rename, "a/f", "a/g");
    ONE(access, "a/f", F_OK);
    TWO(rename, "none", "x");
    TWO(rename, "a", "a/b/c");
    TWO(rename, "a/b", "a");
    TWO(rename, "a/b", "a/f");
    TWO(rename, "a/f", "a/b");
    TWO(rename, "a/f", "x/");
    TWO(rename, "a/f/", "x");
    TWO(rename, "a/.", "x");
    TWO(rename, ".", "x");
    TWO(rename, "a", "..");
    TWO(rename, "a/b", "c/");
    TWO(rename, "c", "a/b");
    ONE(mkdir, "full", 0700);
    try_open("full/x", O_CREAT | O_WRONLY);
    TWO(rename, "a/b", "full");
    TWO(rename, "full", "a/b");
    ONE(access, "a/b/x", F_OK);
    say("renameat2", "made", "a/g",
        (int)syscall(SYS_renameat2, AT_FDCWD, "made", AT_FDCWD, "a/g", 1));
    say("renameat2", "made", "a/n",
        (int)syscall(SYS_renameat2, AT_FDCWD, "made", AT_FDCWD, "a/n", 1));
}

static void removals(void) {
    ONE(rmdir, "a");
    ONE(rmdir, "a/f");
    ONE(rmdir, "a/b/.");
    ONE(rmdir, "a/b/..");
    ONE(rmdir, "/");
    ONE(rmdir, "none");
    ONE(rmdir, "slash");
    ONE(unlink, "a");
    ONE(unlink, "a/.");
    ONE(unlink, "a/f/");
    ONE(unlink, "none");
    ONE(unlink, "none/");
    ONE(unlink, "slash/");
    ONE(unlink, "loop");
    ONE(unlink, "slash");
    ONE(unlink, "a/b/x");
    ONE(rmdir, "a/b/");
}

static void lengths(void) {
    char name[260];

    memset(name, 'n', sizeof(name));
    name[255] = '\0';
    ONE(mkdir, name, 0700);
    ONE(rmdir, name);
    name[255] = 'n';
    name[256] = '\0';
    ONE(mkdir, name, 0700);
    try_open(name, O_RDONLY);
}

static void at(void) {
    int dir = open("a", O_RDONLY | O_DIRECTORY);
    int file = open("a/f", O_RDONLY);
    struct stat st;

    say("fstatat", "f", "", fstatat(dir, "f", &st, 0));
    say("fstatat", "../a/f", "", fstatat(dir, "../a/f", &st, 0));
    say("fstatat of a file", "f", "", fstatat(file, "f", &st, 0));
    say("fstatat", "empty", "", fstatat(file, "", &st, 0));
    say("fstatat", "empty path", "", fstatat(file, "", &st, AT_EMPTY_PATH));
    say("fstatat", "bad fd", "", fstatat(99, "f", &st, 0));
    say("fstatat", "bad fd, absolute", "", fstatat(99, "/", &st, 0));
    say("fstatat", "bad flag", "", fstatat(dir, "f", &st, 0x8));
    say("unlinkat", "bad flag", "", unlinkat(dir, "f", 0x8));
    say("fchdir of a file", "", "", fchdir(file));
    say("fchdir", "", "", fchdir(dir));
    try_open("f", O_RDONLY);
    say("fchdir", "", "", chdir(".."));
    close(dir);
    close(file);
}

int main(void) {
    char dir[] = "/tmp/occlum-path-XXXXXX";

    if (mkdtemp(dir) == NULL || chdir(dir) != 0)
        return 1;
    make();
    links();
    moves();
    at();
    removals();
    lengths();
    return 0;
}
