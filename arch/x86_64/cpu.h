/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Single instructions that C cannot say.
 */
#ifndef ARCH_X86_64_CPU_H
#define ARCH_X86_64_CPU_H

#include "base/compiler.h"

/* One try of RDRAND; false if the generator had nothing. */
static inline bool cpu_rdrand(uint64_t *out) {
    bool ok;

    __asm__ volatile("rdrand %0" : "=r"(*out), "=@ccc"(ok)::"cc");
    return ok;
}

static inline void cpu_set_fsbase(uint64_t v) {
    __asm__ volatile("wrfsbase %0" ::"r"(v));
}

#endif
