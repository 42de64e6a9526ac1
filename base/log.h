/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One line, one event, to the host's standard error. A log line tells the host something, so the
 * level is capped by the signed configuration. Formats are constant and use base/fmt.h: there is
 * no conversion that prints guest memory.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/fmt.h"

enum log_level { LOG_OFF, LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* Takes one finished line without newline. Called with no lock held; must not log. */
typedef void (*log_sink_fn)(enum log_level level, cspan line);

/* Before the first call nothing is logged. Called once, before a second thread exists. */
void log_init(enum log_level level, log_sink_fn sink);
bool log_enabled(enum log_level level);
void log_line(enum log_level level, const char *subsys, const char *fmt, ...) PRINTF(3, 4);

#define log_err(subsys, ...)   log_line(LOG_ERROR, subsys, __VA_ARGS__)
#define log_warn(subsys, ...)  log_line(LOG_WARN, subsys, __VA_ARGS__)
#define log_info(subsys, ...)  log_line(LOG_INFO, subsys, __VA_ARGS__)
#define log_debug(subsys, ...) log_line(LOG_DEBUG, subsys, __VA_ARGS__)
#define log_trace(subsys, ...) log_line(LOG_TRACE, subsys, __VA_ARGS__)

#endif
