/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ways out of the enclave and back to the program (entry.S).
 */
#ifndef ARCH_X86_64_EXIT_H
#define ARCH_X86_64_EXIT_H

#include "arch/x86_64/regs.h"

/* Leaves with RDI = code, RSI = value, and returns when the host enters again. The vector state and
 * FS base of the program are saved, wiped outside, and restored. HOST_EXIT_DONE does not return. */
void enclave_exit(uint64_t code, uint64_t value);

/* Goes to user code with exactly these general registers, except that RCX must equal RIP, as after
 * every system call. Does not return; the kernel stack is free for the next entry. */
NORETURN void user_resume(const struct regs *regs);

/* The same after an interrupt: all registers, with RFLAGS and RIP already stored at
 * regs->rsp - RESUME_FRAME in user memory. */
NORETURN void user_resume_all(const struct regs *regs);
#define RESUME_FRAME 144

/* Clean x87, SSE and AVX state, for the start of a program. */
void vector_reset(void);

#endif
