/* SPDX-License-Identifier: BSD-3-Clause
 * Descriptors: numbers, copies, flags, seeking, vectors, sendfile, holes, devices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void say(const char *what, long result) {
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static void numbers(void) {
    int fd = open("f", O_CREAT | O_RDWR | O_CLOEXEC, 0644);

    say("cloexec", fcntl(fd, F_GETFD));
    say("flags", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_CLOEXEC));
    say("set append", fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY));
    say("flags", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK));
    say("dup to 50", dup2(fd, 50));
    say("dup to itself", dup2(50, 50));
    say("dup3 to itself", dup3(50, 50, 0));
    say("dup3 wrong flag", dup3(50, 51, 1));
    say("dup of nothing", dup(999));
    say("dup2 of nothing to itself", dup2(999, 999));
    say("dup to a negative number", dup2(fd, -1));
    say("dupfd from 60", fcntl(fd, F_DUPFD, 60));
    say("dupfd negative", fcntl(fd, F_DUPFD, -1));
    say("unknown fcntl", fcntl(fd, 9999));
    say("close_range", syscall(436, 50, 70, 0));
    say("close_range backwards", syscall(436, 5, 4, 0));
    say("closed", close(50));
    say("write appends", write(fd, "abc", 3));
    say("seek", lseek(fd, 0, SEEK_SET));
    say("write appends", write(fd, "def", 3));
    say("position", lseek(fd, 0, SEEK_CUR));
    close(fd);
}

static void seeking(void) {
    int fd = open("f", O_RDWR);

    say("set", lseek(fd, 4, SEEK_SET));
    say("cur", lseek(fd, -1, SEEK_CUR));
    say("end", lseek(fd, 10, SEEK_END));
    say("negative", lseek(fd, -100, SEEK_CUR));
    say("overflow", lseek(fd, LONG_MAX, SEEK_END));
    say("whence", lseek(fd, 0, 77));
    say("pread negative", pread(fd, "", 1, -1));
    say("truncate negative", ftruncate(fd, -1));
    say("grow", ftruncate(fd, 10000));
    say("size", lseek(fd, 0, SEEK_END));
    say("data behind the end", lseek(fd, 10000, SEEK_DATA));
    say("directory read", syscall(SYS_read, open(".", O_RDONLY), 8, 0));
    close(fd);
    fd = open("f", O_RDONLY);
    say("truncate read-only", ftruncate(fd, 0));
    say("write read-only", write(fd, "x", 1));
    close(fd);
    fd = open("f", O_WRONLY | O_TRUNC);
    say("truncated", lseek(fd, 0, SEEK_END));
    say("read write-only", syscall(SYS_read, fd, 8, 1));
    close(fd);
    fd = open("f", O_PATH);
    say("read O_PATH", syscall(SYS_read, fd, 8, 1));
    say("seek O_PATH", lseek(fd, 0, SEEK_SET));
    say("fchmod O_PATH", fchmod(fd, 0600));
    close(fd);
}

static void vectors(void) {
    char a[4] = "";
    char b[4] = "";
    struct iovec v[2] = {{a, 3}, {b, 3}};
    int fd = open("f", O_RDWR | O_TRUNC);

    say("write", write(fd, "123456789", 9));
    say("preadv", preadv(fd, v, 2, 2));
    printf("%s %s\n", a, b);
    say("pwritev", pwritev(fd, v, 2, 0));
    say("pread", pread(fd, a, 3, 3));
    printf("%s\n", a);
    say("no vector", readv(fd, v, 0));
    say("too many", syscall(SYS_readv, fd, v, 1025));
    v[0].iov_len = (size_t)-1;
    say("negative length", readv(fd, v, 2));
    say("bad address", syscall(SYS_write, fd, 8, 5));
    say("bad address", syscall(SYS_read, fd, 8, 0));
    say("FIONREAD", ioctl(fd, FIONREAD, &v[0].iov_base));
    printf("left %d\n", *(int *)&v[0].iov_base);
    close(fd);
}

static void sending(void) {
    int fd = open("f", O_RDONLY);
    int out = open("g", O_CREAT | O_RDWR | O_TRUNC, 0644);
    off_t off = 3;

    say("sendfile", sendfile(out, fd, &off, 4));
    printf("offset %ld\n", (long)off);
    say("sendfile rest", sendfile(out, fd, NULL, 100));
    say("end", sendfile(out, fd, NULL, 100));
    say("size", lseek(out, 0, SEEK_END));
    say("sendfile to read-only", sendfile(fd, out, NULL, 1));
    close(fd);
    close(out);
}

static void devices(void) {
    char b[8] = "xxxxxxx";
    int null = open("/dev/null", O_RDWR);
    int zero = open("/dev/zero", O_RDWR);
    int full = open("/dev/full", O_RDWR);

    say("null", read(null, b, 8));
    say("null", write(null, b, 8));
    say("null bad address", syscall(SYS_write, null, 8, 8));
    say("null seek", lseek(null, 5, SEEK_SET));
    say("zero", read(zero, b, 4));
    printf("%d %d\n", b[3], b[4]);
    say("full", write(full, b, 1));
    say("tty ioctl of null", ioctl(null, TIOCGWINSZ, b));
    say("truncate null", ftruncate(null, 0));
    say("sync null", fsync(null));
    say("sync pipe", fsync(0));
}

static void waiting(void) {
    int p[2];
    char b[10];
    struct pollfd polls[3];
    struct timeval none = {0, 0};
    fd_set in;

    say("pipe", pipe2(p, O_NONBLOCK));
    say("wrong flag", syscall(SYS_pipe2, p, O_APPEND));
    polls[0] = (struct pollfd){.fd = p[0], .events = POLLIN};
    polls[1] = (struct pollfd){.fd = p[1], .events = POLLIN | POLLOUT};
    polls[2] = (struct pollfd){.fd = 500, .events = POLLIN};
    say("poll", poll(polls, 3, 0));
    printf("%x %x %x\n", polls[0].revents, polls[1].revents, polls[2].revents);
    say("write", write(p[1], "x", 1));
    say("poll", poll(polls, 1, -1));
    FD_ZERO(&in);
    FD_SET(p[0], &in);
    say("select", select(p[0] + 1, &in, NULL, NULL, &none));
    close(p[1]);
    say("poll", poll(polls, 1, -1));
    printf("%x\n", polls[0].revents);
    say("read", read(p[0], b, 10));
    say("poll", poll(polls, 1, -1));
    printf("%x\n", polls[0].revents);
    polls[0].fd = -7;
    say("poll of a negative number", poll(polls, 1, 1));
    printf("%x\n", polls[0].revents);
    say("select negative", select(-1, NULL, NULL, NULL, &none));
    none.tv_usec = 1000000;
    say("select bad time", select(0, NULL, NULL, NULL, &none));
}

int main(void) {
    char dir[] = "/tmp/occlum-fd-XXXXXX";

    if (mkdtemp(dir) == NULL || chdir(dir) != 0)
        return 1;
    numbers();
    seeking();
    vectors();
    sending();
    devices();
    waiting();
    return 0;
}
