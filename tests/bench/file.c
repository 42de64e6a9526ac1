/* SPDX-License-Identifier: BSD-3-Clause
 * A file that is in the cache: read a block, open and close it, ask for its status.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

static const char *g_path;

static void read_block(void *arg) {
    static char block[4096];

    bench_need(pread(*(int *)arg, block, sizeof(block), 0) > 0, "pread");
}

static void open_close(void *arg) {
    int fd = open(g_path, O_RDONLY);

    (void)arg;
    bench_need(fd >= 0, "open");
    close(fd);
}

static void status(void *arg) {
    bench_need(stat(g_path, arg) == 0, "stat");
}

int main(void) {
    struct stat st;
    int fd;

    g_path = bench_self(); /* its own file: it is there natively and inside */
    fd = open(g_path, O_RDONLY);
    bench_need(fd >= 0, g_path);
    bench("read-4k", read_block, &fd, 20000);
    bench("open-close", open_close, NULL, 5000);
    bench("stat", status, &st, 10000);
    return 0;
}
