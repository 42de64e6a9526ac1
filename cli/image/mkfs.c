/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What makes two volumes of one tree equal, with erofs-utils 1.5:
 *
 *   SOURCE_DATE_EPOCH   becomes the volume's time stamp, and later modification times are clamped
 * to it (earlier ones are kept). So it is the newest time in the tree plus one: nothing is clamped,
 * and it depends on the tree only.
 *   --all-root -x-1     no owners and no extended attributes of the build machine
 *   -U 0...             no random UUID; volume.c puts one in that is derived from the content
 *   (names)             mkfs.erofs sorts each directory itself
 *
 * -T is never given: it would set all times to one, and Python would recompile what it finds.
 * The child's messages are read through a pipe and end up in our sentence if it fails.
 */
#include "cli/image/mkfs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define REPORT_MS 100

/* The end of what the child said: the last lines are the ones that tell why. */
struct said {
    char text[512];
    size_t used;
};

struct child {
    pid_t pid;
    int messages; /* read end of its stdout and stderr */
};

static void said_add(struct said *said, const char *bytes, size_t n) {
    if (n > sizeof(said->text) - 1) {
        bytes = &bytes[n - (sizeof(said->text) - 1)];
        n = sizeof(said->text) - 1;
    }
    if (said->used + n > sizeof(said->text) - 1) {
        size_t drop = said->used + n - (sizeof(said->text) - 1);

        memmove(said->text, &said->text[drop], said->used - drop);
        said->used -= drop;
    }
    memcpy(&said->text[said->used], bytes, n);
    said->used += n;
    said->text[said->used] = 0;
}

/* One line without the control characters of a progress display. */
static void said_clean(struct said *said) {
    for (size_t i = 0; i < said->used; i++) {
        if ((unsigned char)said->text[i] < ' ')
            said->text[i] = ' ';
    }
    while (said->used > 0 && said->text[said->used - 1] == ' ')
        said->text[--said->used] = 0;
}

static _Noreturn void child_exec(int out, const char *source_dir, const char *out_path,
                                 const char *epoch) {
    char *const env[] = {strdup(epoch), strdup("LC_ALL=C"), strdup("TZ=UTC"), NULL};
    static const char *const paths[] = {"/usr/bin/mkfs.erofs", "/usr/sbin/mkfs.erofs",
                                        "/sbin/mkfs.erofs", "/usr/local/bin/mkfs.erofs"};

    (void)dup2(out, STDOUT_FILENO);
    (void)dup2(out, STDERR_FILENO);
    (void)signal(SIGPIPE, SIG_DFL);
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        (void)execle(paths[i], "mkfs.erofs", "--quiet", "--all-root", "-x-1", "-U",
                     "00000000-0000-0000-0000-000000000000", "--", out_path, source_dir, NULL, env);
    _exit(127);
}

static bool child_start(struct child *child, const char *source_dir, const char *out_path,
                        const struct survey *survey) {
    char epoch[64];
    int ends[2];

    (void)snprintf(epoch, sizeof(epoch), "SOURCE_DATE_EPOCH=%lld",
                   (long long)survey->newest_sec + 1);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    child->pid = fork();
    if (child->pid == 0)
        child_exec(ends[1], source_dir, out_path, epoch);
    (void)close(ends[1]);
    child->messages = ends[0];
    if (child->pid > 0)
        return true;
    (void)close(ends[0]);
    return false;
}

/* The volume's size stands for the work done; hashing it is the other half. */
static void report(struct image_progress *progress, const char *out_path,
                   const struct survey *survey) {
    struct stat st;
    uint64_t done = 0;

    if (progress == NULL)
        return;
    if (stat(out_path, &st) == 0)
        done = (uint64_t)st.st_size;
    progress->report(progress, done < survey->bytes ? done : survey->bytes, 2 * survey->bytes);
}

/* Reads until the child closes its end, and reports the size of its output meanwhile. */
static void child_listen(const struct child *child, struct said *said, const char *out_path,
                         const struct survey *survey, struct image_progress *progress) {
    for (;;) {
        struct pollfd pollfd = {.fd = child->messages, .events = POLLIN};
        char bytes[256];
        ssize_t n;

        report(progress, out_path, survey);
        if (poll(&pollfd, 1, REPORT_MS) == 0)
            continue;
        n = read(child->messages, bytes, sizeof(bytes));
        if (n == 0 || (n < 0 && errno != EINTR))
            return;
        if (n > 0)
            said_add(said, bytes, (size_t)n);
    }
}

static bool child_wait(const struct child *child, int *status) {
    while (waitpid(child->pid, status, 0) < 0) {
        if (errno != EINTR)
            return false;
    }
    return true;
}

static void explain(int status, struct said *said, const char *source_dir,
                    struct cli_error *error) {
    said_clean(said);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        cli_error_set(error, "mkfs.erofs is not installed (Debian package erofs-utils)");
    else if (WIFSIGNALED(status))
        cli_error_set(error, "mkfs.erofs was killed by signal %d while it packed %s",
                      WTERMSIG(status), source_dir);
    else
        cli_error_set(error, "mkfs.erofs cannot pack %s: %s", source_dir,
                      said->used == 0 ? "it does not say why" : said->text);
}

bool mkfs_run(const char *source_dir, const char *out_path, const struct survey *survey,
              struct image_progress *progress, struct cli_error *error) {
    struct said said = {.used = 0};
    struct child child;
    int status = 0;

    if (!child_start(&child, source_dir, out_path, survey)) {
        cli_error_set_errno(error, "cannot start mkfs.erofs");
        return false;
    }
    child_listen(&child, &said, out_path, survey, progress);
    (void)close(child.messages);
    if (!child_wait(&child, &status)) {
        cli_error_set_errno(error, "mkfs.erofs is lost");
        return false;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    explain(status, &said, source_dir, error);
    return false;
}
