/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A small formatter for log lines, /proc files and crash messages. Conversions: %d %i %u %x %o %c
 * %s %p %% with the lengths hh h l ll z, a width (at most 256), '0' and '-' flags, and a precision
 * for %s; '*' for both, so a span prints as "%.*s". Nothing else: from an unknown conversion on the
 * format is printed as it stands and no argument is read. It never allocates.
 */
#ifndef BASE_FMT_H
#define BASE_FMT_H

#include <stdarg.h>

#include "base/span.h"

/* Writes at most dst.n bytes, no final NUL. Returns the bytes written; a longer text is cut. */
size_t fmt_to(span dst, const char *fmt, ...) PRINTF(2, 3);
size_t fmt_to_v(span dst, const char *fmt, va_list ap) PRINTF(2, 0);

#endif
