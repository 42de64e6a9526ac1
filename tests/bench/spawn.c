/* SPDX-License-Identifier: BSD-3-Clause
 * A small program started and waited for: posix_spawn, execve, exit, wait.
 */
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

static void spawn(void *arg) {
    char *self = arg;
    char *argv[] = {self, (char[]){"x"}, NULL};
    int status = -1;
    pid_t pid;

    bench_need(posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0, "posix_spawn");
    bench_need(waitpid(pid, &status, 0) == pid && status == 0, "waitpid");
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1)
        _exit(0);
    bench("spawn-wait", spawn, bench_self(), 50);
    return 0;
}
