/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Structures of host calls, as they cross the boundary. No padding: it would leak.
 */
#ifndef ABI_HOST_TYPES_H
#define ABI_HOST_TYPES_H

#include <stdint.h>

/* What a host descriptor is, as far as a program may know. */
enum host_file_type {
    HOST_FILE_CLOSED,
    HOST_FILE_REGULAR,
    HOST_FILE_PIPE,
    HOST_FILE_TTY,
    HOST_FILE_OTHER
};

struct host_stat {
    uint32_t type;  /* enum host_file_type */
    uint32_t flags; /* access mode as in O_ACCMODE */
    uint64_t size;  /* regular files; else 0 */
};

/* struct termios of the kernel (TCGETS), 36 bytes. */
struct host_termios {
    uint32_t iflag, oflag, cflag, lflag;
    uint8_t line;
    uint8_t cc[19];
};

struct host_winsize {
    uint16_t row, col, xpixel, ypixel;
};

_Static_assert(sizeof(struct host_termios) == 36, "kernel ABI");

#endif
