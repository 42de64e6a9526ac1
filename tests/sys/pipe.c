/* SPDX-License-Identifier: BSD-3-Clause
 * A pipe: order, end of file, a broken pipe, dup.
 */
#define _GNU_SOURCE /* pipe2 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    char text[16] = "";
    int ends[2];
    int copy;

    signal(SIGPIPE, SIG_IGN);
    printf("pipe %d\n", pipe2(ends, O_CLOEXEC | O_NONBLOCK));
    printf("close on exec %d\n", fcntl(ends[0], F_GETFD));
    printf("empty %zd", read(ends[0], text, 1));
    printf(" %s\n", strerror(errno));
    copy = dup(ends[1]);
    printf("write %zd", write(ends[1], "abc", 3));
    printf(" %zd\n", write(copy, "def", 3));
    printf("read %zd\n", read(ends[0], text, 4));
    printf("'%s'\n", text);
    close(ends[1]);
    printf("rest %zd\n", read(ends[0], text, 16));
    close(copy);
    printf("end %zd\n", read(ends[0], text, 16));
    printf("pipe %d\n", pipe(ends));
    close(ends[0]);
    printf("broken %zd", write(ends[1], "x", 1));
    printf(" %s\n", strerror(errno));
    printf("seek %ld", (long)lseek(ends[1], 0, SEEK_CUR));
    printf(" %s\n", strerror(errno));
    return 0;
}
