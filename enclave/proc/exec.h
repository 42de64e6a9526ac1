/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Making a program out of a file: plan (elf/plan.h), map and fill its segments, build its first
 * stack (stack.h), set the task's registers.
 */
#ifndef ENCLAVE_PROC_EXEC_H
#define ENCLAVE_PROC_EXEC_H

#include "enclave/proc/stack.h"

struct process;
struct task;

/* The AT_HWCAP of all programs from now on, as the host tells it. Called once. */
void exec_hwcap_set(uint64_t hwcap);

/* Loads `path` into t's (empty) address space. On failure the process has no usable memory left and
 * must end; *why is a sentence for the user where the file is at fault, else NULL. ENOENT, EACCES,
 * ENOEXEC, ENOMEM, EIO. */
MUST err exec_load(struct task *t, cspan path, const struct stack_strings *strings,
                   const char **why);

#endif
