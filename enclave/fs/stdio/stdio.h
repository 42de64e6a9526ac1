/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The standard files: descriptors 0, 1 and 2 of the host process, as files inside. What they are,
 * a regular file, a pipe, a terminal, or closed, is the host's word and matters only for what a
 * program does with its own output; nothing trusted depends on it. They have no position inside:
 * reading and writing go on where the host's descriptor stands. Blocking is the host's: O_NONBLOCK
 * is never set on a descriptor that other processes share, a read of a file with O_NONBLOCK asks
 * first whether it would wait.
 */
#ifndef ENCLAVE_FS_STDIO_STDIO_H
#define ENCLAVE_FS_STDIO_STDIO_H

#include "enclave/file/fdtable.h"

#define STDIO_FILES 3

/* Puts the host's open standard files at 0, 1 and 2 of an empty table. A closed one stays closed
 * inside. ENOMEM. */
MUST err stdio_install(struct fdtable *files);
/* One of them; ENXIO if the host has it closed. Gives a reference. */
MUST err stdio_open(uint32_t host_fd, struct file **out);
/* The first that is a terminal, for /dev/tty; ENXIO. Gives a reference. */
MUST err stdio_open_tty(struct file **out);
/* The host descriptor behind a file; false if it is not a standard file. */
bool stdio_host_fd(const struct file *f, uint32_t *host_fd);
/* Is the standard file a terminal? */
bool stdio_is_tty(const struct file *f);

#endif
