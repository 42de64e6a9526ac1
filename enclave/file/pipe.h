/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A pipe: a ring of 64 KiB between two files, inside the enclave; the host never sees it. It lives
 * until both ends are freed. A write of at most PIPE_ATOMIC bytes goes in whole or not at all.
 */
#ifndef ENCLAVE_FILE_PIPE_H
#define ENCLAVE_FILE_PIPE_H

#include "enclave/file/file.h"

#define PIPE_SIZE   65536u
#define PIPE_ATOMIC 4096u

/* Gives two files, each with a reference for the caller. flags: O_NONBLOCK. ENOMEM. */
MUST err pipe_open(uint32_t flags, struct file **reader, struct file **writer);

#endif
