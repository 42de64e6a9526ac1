/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A line is put together on the stack of the caller and handed to the sink in one piece:
 * "[warn] mm: text". Bytes below the space become '?', so one event is always one line and a
 * file name cannot fake another event or steer a terminal; the same for U+0080..U+009F, which
 * terminals obey in their UTF-8 form, too. A text that is too long ends in "...".
 */
#include "base/log.h"

#include "base/mem.h"

#define LOG_LINE_SIZE 512

static struct {
    enum log_level level;
    log_sink_fn sink;
} g_log;

static const char *const g_level_names[] = {
    [LOG_OFF] = "off",   [LOG_ERROR] = "error", [LOG_WARN] = "warn",
    [LOG_INFO] = "info", [LOG_DEBUG] = "debug", [LOG_TRACE] = "trace",
};

void log_init(enum log_level level, log_sink_fn sink) {
    g_log.level = level;
    g_log.sink = sink;
}

bool log_enabled(enum log_level level) {
    return g_log.sink != NULL && level != LOG_OFF && level <= g_log.level;
}

static void make_printable(span line) {
    for (size_t i = 0; i < line.n; i++) {
        bool c1 = i > 0 && line.p[i - 1] == 0xc2 && line.p[i] >= 0x80 && line.p[i] < 0xa0;

        if (c1)
            line.p[i - 1] = '?';
        if (line.p[i] < ' ' || line.p[i] == 0x7f || c1)
            line.p[i] = '?';
    }
}

void log_line(enum log_level level, const char *subsys, const char *fmt, ...) {
    static const char cut[] = "...";
    char line[LOG_LINE_SIZE];
    span whole = SPAN_OF(line);
    span rest;
    va_list ap;

    if (!log_enabled(level))
        return;
    size_t n = fmt_to(whole, "[%s] %s: ", g_level_names[level], subsys);

    if (span_from(&rest, whole, n)) {
        va_start(ap, fmt);
        n += fmt_to_v(rest, fmt, ap);
        va_end(ap);
    }
    if (n == sizeof(line))
        mem_copy(&line[sizeof(line) - sizeof(cut) + 1], cut, sizeof(cut) - 1);
    make_printable(span_of(line, n));
    g_log.sink(level, cspan_of(line, n));
}
