/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Time decides: nothing for the first second, then a bar whenever the last one is old enough. Short
 * builds and logs stay clean.
 */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 40u
#define FIRST_MS  1000u
#define REPEAT_MS 150u

static struct {
    bool active, drawn;
    uint64_t next_ms;
} g_bar;

static uint64_t now_ms(void) {
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void progress_start(void) {
    g_bar.active = isatty(STDERR_FILENO) != 0;
    g_bar.drawn = false;
    g_bar.next_ms = now_ms() + FIRST_MS;
}

void progress_show(const char *label, uint64_t done, uint64_t total) {
    if (!g_bar.active || now_ms() < g_bar.next_ms)
        return;
    if (total == 0 || done > total)
        done = total = 1;
    unsigned percent = (unsigned)((double)done * 100 / (double)total);
    unsigned full = percent * BAR_WIDTH / 100;

    fprintf(stderr, "\r%s [", label);
    for (unsigned i = 0; i < BAR_WIDTH; i++)
        fputc(i < full ? '#' : '.', stderr);
    fprintf(stderr, "] %3u%%", percent);
    fflush(stderr);
    g_bar.drawn = true;
    g_bar.next_ms = now_ms() + REPEAT_MS;
}

void progress_stop(void) {
    if (g_bar.drawn)
        fputs("\r\033[K", stderr);
    g_bar.active = g_bar.drawn = false;
}
