/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The terminal behind a standard file, and how /dev/tty looks to stat: both say the same, so that
 * ttyname() finds it.
 */
#ifndef ENCLAVE_FS_STDIO_TTY_H
#define ENCLAVE_FS_STDIO_TTY_H

#include "base/addr.h"
#include "enclave/file/attr.h"

#define STDIO_TTY_INO  9u
#define STDIO_TTY_RDEV DEV_NUMBER(5u, 0u)

/* TCGETS, TCSETS*, TIOCGWINSZ of a terminal; ENOTTY for others. */
MUST err tty_ioctl(uint32_t host_fd, uint32_t cmd, uaddr arg);

#endif
