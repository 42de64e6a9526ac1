/* SPDX-License-Identifier: BSD-3-Clause
 * Processes: spawned with descriptors, waited for, and their ends told apart.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int child(const char *how) {
    if (strcmp(how, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(how, "say") == 0)
        return write(1, "from the child", 14) == 14 ? 0 : 1;
    return atoi(how);
}

static void try(char *self, const char *how, const posix_spawn_file_actions_t *actions) {
    char *argv[] = {self, strdup(how), NULL};
    int status = 0;
    pid_t pid;
    int error = posix_spawn(&pid, self, actions, NULL, argv, environ);

    printf("spawn %s: %d\n", how, error);
    fflush(stdout);
    if (error == 0) {
        printf("waited %d\n", waitpid(pid, &status, 0) == pid);
        printf("exited %d %d, killed %d\n", WIFEXITED(status), WEXITSTATUS(status),
               WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
    free(argv[1]);
}

int main(int argc, char **argv) {
    posix_spawn_file_actions_t actions;
    char said[32] = "";
    char *self = (char *)getauxval(AT_EXECFN); /* argv[0] need not be a path */
    int ends[2];

    if (argc == 2)
        return child(argv[1]);
    try(self, "0", NULL);
    try(self, "255", NULL);
    try(self, "kill", NULL);
    printf("pipe %d\n", pipe(ends));
    fflush(stdout);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    try(self, "say", &actions);
    printf("said %zd '%s'\n", read(ends[0], said, 31), said);
    printf("no such program %d\n",
           posix_spawn(&(pid_t){0}, "/bin/no-such-program", NULL, NULL, argv, environ));
    printf("no child %d", waitpid(-1, NULL, 0));
    printf(" %s\n", strerror(errno));
    return 0;
}
