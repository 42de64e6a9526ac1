/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The one exception core. Everything that interrupts the enclave arrives as a GPRSGX frame in
 * SSA[0], in every mode; entry.S calls exception_decide() with CSSA = 1, on the exception stack.
 */
#ifndef ENCLAVE_SIGNAL_EXCEPTION_H
#define ENCLAVE_SIGNAL_EXCEPTION_H

#include "abi/sgx/arch.h"
#include "base/compiler.h"

/* Decides by who ran (vcpu.in_user) and the interrupted RIP, and rewrites the frame, which is
 * resumed afterwards:
 *   user code        -> user_trap_entry on the task's kernel stack, registers saved in the task
 *   a user copy      -> its fix-up
 *   any other kernel -> kernel_crash_entry
 * A program's jump into the LibOS's code counts as the kernel's. Makes no host call, takes no lock,
 * touches no user memory. */
void exception_decide(struct sgx_gpr *frame);

/* Says what stopped the LibOS and ends the enclave with exit code 134. */
NORETURN void kernel_crash(void);

#endif
