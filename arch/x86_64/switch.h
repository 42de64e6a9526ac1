/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Switching kernel stacks (switch.S). Only enclave/sched/sched.c calls these.
 */
#ifndef ARCH_X86_64_SWITCH_H
#define ARCH_X86_64_SWITCH_H

#include "base/compiler.h"

/* Saves this context behind *save_sp and continues the one behind sp; returns when that is done to
 * this one. */
void stack_switch(uint64_t *save_sp, uint64_t sp);
/* The same towards a task that never ran: it enters task_first_run() on the stack ending at top. */
void stack_switch_fresh(uint64_t *save_sp, uint64_t top);

#endif
