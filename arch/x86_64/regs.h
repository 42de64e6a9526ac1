/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The general registers of user code. The order is that of GPRSGX (abi/sgx/arch.h), so an
 * exception frame is copied as it stands; entry.S relies on the offsets.
 */
#ifndef ARCH_X86_64_REGS_H
#define ARCH_X86_64_REGS_H

#include "base/compiler.h"

struct regs {
    uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rflags, rip;
    uint64_t fsbase;
};

_Static_assert(offsetof(struct regs, rsp) == 32, "entry.S");
_Static_assert(offsetof(struct regs, rflags) == 128, "entry.S");
_Static_assert(offsetof(struct regs, rip) == 136, "entry.S");
_Static_assert(offsetof(struct regs, fsbase) == 144, "entry.S");

#endif
