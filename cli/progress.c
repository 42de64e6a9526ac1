/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A timer signal draws the bar: stat and write are safe in a handler, and SA_RESTART hides the
 * signal from the work.
 */
#include "cli/progress.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define BAR_WIDTH   40u
#define LINE_MAX_   96u
#define FIRST_USEC  0
#define FIRST_SEC   1
#define REPEAT_USEC 200000

static struct {
    const char *label, *file;
    uint64_t total;
    volatile sig_atomic_t drawn;
    bool active;
    struct sigaction old;
} bar;

static void put(char line[LINE_MAX_], size_t *n, const char *text) {
    for (; *text != '\0' && *n < LINE_MAX_; text++)
        line[(*n)++] = *text;
}

static void bar_draw(int signal) {
    int saved = errno;
    struct stat st;
    uint64_t now = stat(bar.file, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    unsigned full =
        bar.total == 0 || now >= bar.total ? BAR_WIDTH : (unsigned)(now * BAR_WIDTH / bar.total);
    char line[LINE_MAX_];
    size_t n = 0;

    put(line, &n, "\r");
    put(line, &n, bar.label);
    put(line, &n, " [");
    for (unsigned i = 0; i < BAR_WIDTH; i++)
        put(line, &n, i < full ? "#" : ".");
    put(line, &n, "]");
    ssize_t written = write(STDERR_FILENO, line, n);
    (void)written;
    bar.drawn = 1;
    errno = saved;
}

void progress_start(const char *label, const char *file, uint64_t total) {
    struct sigaction action = {.sa_handler = bar_draw, .sa_flags = SA_RESTART};
    struct itimerval timer = {.it_value = {FIRST_SEC, FIRST_USEC}, .it_interval = {0, REPEAT_USEC}};

    if (isatty(STDERR_FILENO) == 0)
        return;
    bar.label = label;
    bar.file = file;
    bar.total = total;
    bar.drawn = 0;
    bar.active =
        sigaction(SIGALRM, &action, &bar.old) == 0 && setitimer(ITIMER_REAL, &timer, NULL) == 0;
}

void progress_stop(void) {
    static const char wipe[] = "\r\033[K";
    struct itimerval off = {{0, 0}, {0, 0}};

    if (!bar.active)
        return;
    setitimer(ITIMER_REAL, &off, NULL);
    sigaction(SIGALRM, &bar.old, NULL);
    bar.active = false;
    if (bar.drawn != 0) {
        ssize_t written = write(STDERR_FILENO, wipe, sizeof(wipe) - 1);
        (void)written;
    }
}

static uint64_t tree_bytes;

static int tree_entry(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    if (type == FTW_F && S_ISREG(st->st_mode) && st->st_size > 0)
        tree_bytes += (uint64_t)st->st_size;
    return 0;
}

uint64_t progress_tree_size(const char *path) {
    tree_bytes = 0;
    (void)nftw(path, tree_entry, 16, FTW_PHYS);
    return tree_bytes;
}
