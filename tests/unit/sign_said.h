/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stands in for cli/say.c: keeps the last complaint, so that a test can look at it.
 */
#ifndef TESTS_UNIT_SIGN_SAID_H
#define TESTS_UNIT_SIGN_SAID_H

#include "cli/say.h"

static char g_said[512];

err complain(const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(g_said, sizeof(g_said), fmt, ap);
    va_end(ap);
    return ERR(EINVAL);
}

err complain_errno(const char *fmt, ...) {
    int no = errno;
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(g_said, sizeof(g_said), fmt, ap);
    va_end(ap);
    return ERR(no);
}

/* The call failed, and said a sentence with these words in it. */
#define assert_said(call, words)                                                                   \
    do {                                                                                           \
        g_said[0] = '\0';                                                                          \
        assert_true(failed(call));                                                                 \
        if (strstr(g_said, words) == NULL)                                                         \
            fail_msg("said \"%s\", expected \"%s\"", g_said, words);                               \
    } while (0)

#define assert_done(call)                                                                          \
    do {                                                                                           \
        if (failed(call))                                                                          \
            fail_msg("%s", g_said);                                                                \
    } while (0)

#endif
