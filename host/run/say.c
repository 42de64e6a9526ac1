/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Messages are formatted into one buffer and written with one call, so lines of two runs do not
 * mix.
 */
#include "host/run/say.h"

#include "base/fmt.h"
#include "host/run/sys.h"

PRINTF(1, 0) static void say_v(const char *fmt, va_list ap) {
    char line[1024];
    size_t n = fmt_to(span_of(line, sizeof(line) - 1), "occlum: ");
    span rest;

    if (span_from(&rest, span_of(line, sizeof(line) - 1), n))
        n += fmt_to_v(rest, fmt, ap);
    line[n] = '\n';
    sys_call3(SYS_write, 2, PTR(line), n + 1);
}

void say(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    say_v(fmt, ap);
    va_end(ap);
}

void die(int code, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    say_v(fmt, ap);
    va_end(ap);
    sys_exit(code);
}
