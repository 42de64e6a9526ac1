/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The command line and environment of the first program. The host's start block is copied once and
 * checked; of its environment only the names listed in env.untrusted survive, and they override
 * env.default. argv[0] is the base name of the path, as the original has it.
 */
#ifndef ENCLAVE_START_ARGS_H
#define ENCLAVE_START_ARGS_H

#include "abi/host/start.h"
#include "base/addr.h"
#include "enclave/proc/stack.h"
#include "enclave/start/config.h"

/* A checked copy of the start block. `strings` is owned. */
struct start_args {
    struct start_block head;
    cspan strings;
};

/* Copies the block in. EFAULT if it is not host memory; EINVAL if a field contradicts another or
 * the strings; E2BIG; ENOMEM. The head is fetched again here and checked again: nothing that was
 * learnt from the first fetch is relied upon. */
MUST err start_args_read(haddr block, struct start_args *out);
/* Only the head, before there is a heap. */
MUST err start_head_read(haddr block, struct start_block *out);

/* The path of the program: the first argument. False if there is none. */
MUST bool start_path(const struct start_args *a, cspan *path);

/* Builds what the program sees; *out borrows newly allocated memory that is never freed. */
MUST err start_strings(const struct start_args *a, const struct config *c,
                       struct stack_strings *out);

#endif
