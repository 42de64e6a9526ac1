/* SPDX-License-Identifier: BSD-3-Clause
 * A file in /tmp: what is written is read, at every offset, and errors are named.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *what, long result) {
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

int main(void) {
    const char *path = "/tmp/occlum-sys-file";
    char text[32] = "";
    struct iovec parts[] = {{text, 3}, {text + 3, 20}};
    struct stat st;
    int fd;

    unlink(path);
    say("no such file", open(path, O_RDONLY));
    say("no such directory", open("/tmp/occlum-none/x", O_RDONLY | O_CREAT, 0600));
    fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0640);
    printf("created %d\n", fd >= 0);
    say("exists", open(path, O_RDWR | O_CREAT | O_EXCL, 0640));
    say("write", write(fd, "hello, file", 11));
    say("position", lseek(fd, 0, SEEK_CUR));
    say("pwrite", pwrite(fd, "J", 1, 0));
    say("seek", lseek(fd, 0, SEEK_SET));
    say("readv", readv(fd, parts, 2));
    printf("text '%s'\n", text);
    say("read at the end", read(fd, text, 1));
    say("hole", pwrite(fd, "x", 1, 8192));
    say("read of the hole", pread(fd, text, 4, 5000));
    printf("hole is zero %d\n", memcmp(text, "\0\0\0\0", 4) == 0);
    say("stat", fstat(fd, &st));
    printf("size %ld, mode %o, links %d\n", (long)st.st_size, st.st_mode & 0777, (int)st.st_nlink);
    say("cut", ftruncate(fd, 5));
    say("size", lseek(fd, 0, SEEK_END));
    say("negative seek", lseek(fd, -1, SEEK_SET));
    say("not a directory", open("/tmp/occlum-sys-file/x", O_RDONLY));
    say("close", close(fd));
    say("close again", close(fd));
    say("write to a closed file", write(fd, "x", 1));
    say("unlink", unlink(path));
    say("gone", access(path, F_OK));
    return 0;
}
