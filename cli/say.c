/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The guard messages of the original go to stdout: scripts of its users look for them there.
 */
#include "cli/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(FILE *out, const char *head, const char *fmt, va_list ap) PRINTF(3, 0);

static void say(FILE *out, const char *head, const char *fmt, va_list ap) {
    fflush(stdout);
    fputs(head, out);
    vfprintf(out, fmt, ap);
}

err complain(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    say(stderr, "Error: ", fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return ERR(EINVAL);
}

err complain_errno(const char *fmt, ...) {
    int no = errno;
    va_list ap;

    va_start(ap, fmt);
    say(stderr, "Error: ", fmt, ap);
    va_end(ap);
    fprintf(stderr, ": %s%s\n", strerror(no),
            no == ENOSPC || no == EDQUOT ? "; make room and repeat the command" : "");
    return ERR(no != 0 ? no : EIO);
}

err refuse(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    say(stdout, "Error: ", fmt, ap);
    va_end(ap);
    fputc('\n', stdout);
    return ERR(EINVAL);
}

void warn_user(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    say(stderr, "occlum: warning: ", fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}
