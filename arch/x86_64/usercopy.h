/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The instructions that touch the program's memory, with their exception table (usercopy.S). Only
 * enclave/user/copy.c calls them, after checking the range.
 */
#ifndef ARCH_X86_64_USERCOPY_H
#define ARCH_X86_64_USERCOPY_H

#include "base/compiler.h"

/* Both return the bytes not done; 0 is success. */
size_t usercopy(void *dst, const void *src, size_t n);
size_t userzero(void *dst, size_t n);

struct extable_entry {
    uint64_t insn, fixup;
};
extern const struct extable_entry __start_extable[], __stop_extable[];

#endif
