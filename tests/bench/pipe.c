/* SPDX-License-Identifier: BSD-3-Clause
 * Two processes and two pipes: one byte there and back, and 64 KiB writes one way.
 * The child is this program again, started with the descriptors it shall use.
 */
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

struct ends {
    int to_child[2], to_parent[2];
};

static char g_block[65536];

static void ping(void *arg) {
    const struct ends *e = arg;
    char c = 1;

    bench_need(write(e->to_child[1], &c, 1) == 1 && read(e->to_parent[0], &c, 1) == 1, "ping");
}

/* The child answers a block's last byte with one byte, so the writer cannot run ahead. */
static void push(void *arg) {
    const struct ends *e = arg;
    char c;

    bench_need(write(e->to_child[1], g_block, sizeof(g_block)) == (ssize_t)sizeof(g_block), "push");
    bench_need(read(e->to_parent[0], &c, 1) == 1, "push");
}

static int child(size_t unit) {
    char c = 1;

    for (;;) {
        for (size_t got = 0; got < unit;) {
            ssize_t n = read(0, g_block, unit - got);
            if (n <= 0)
                return n < 0;
            got += (size_t)n;
        }
        if (write(1, &c, 1) != 1)
            return 1;
    }
}

static void run(char *self, const char *name, void (*op)(void *), const char *unit,
                unsigned count) {
    char mode[16];
    char *argv[] = {self, mode, NULL};
    posix_spawn_file_actions_t actions;
    struct ends e;
    pid_t pid;

    strncpy(mode, unit, sizeof(mode) - 1);
    mode[sizeof(mode) - 1] = '\0';
    bench_need(pipe(e.to_child) == 0 && pipe(e.to_parent) == 0, "pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, e.to_child[0], 0);
    posix_spawn_file_actions_adddup2(&actions, e.to_parent[1], 1);
    posix_spawn_file_actions_addclose(&actions, e.to_child[1]);
    bench_need(posix_spawn(&pid, self, &actions, NULL, argv, environ) == 0, "posix_spawn");
    posix_spawn_file_actions_destroy(&actions);
    bench(name, op, &e, count);
    close(e.to_child[1]);
    close(e.to_child[0]);
    waitpid(pid, NULL, 0);
    close(e.to_parent[0]);
    close(e.to_parent[1]);
}

int main(int argc, char **argv) {
    if (argc == 2)
        return child((size_t)atol(argv[1]));
    run(bench_self(), "pipe-ping", ping, "1", 2000);
    run(bench_self(), "pipe-64k", push, "65536", 500);
    return 0;
}
