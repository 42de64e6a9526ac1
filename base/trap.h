/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Fail-stop. A broken invariant ends the whole enclave at once: integrity before availability.
 * trap() executes an instruction whose operand carries the kind, so that the exception handler
 * (enclave/signal/exception.c, or the signal handler of a hosted test) can name it; it works with
 * a broken heap or stack. The compiler's own checks (bounds, overflow, null, kCFI) trap the same
 * way with kinds of their own; trap_name() knows all of them.
 */
#ifndef BASE_TRAP_H
#define BASE_TRAP_H

#include "base/compiler.h"

enum trap_kind {
    TRAP_CHECK = 0x60, /* CHECK() found its condition false            */
    TRAP_STACK_GUARD,  /* the stack canary was overwritten             */
    TRAP_DOUBLE_FREE,  /* heap or pool: freed twice                    */
    TRAP_BAD_FREE,     /* heap: not the start of an allocation         */
    TRAP_FREED_WRITE,  /* heap: memory was written after it was freed  */
    TRAP_GUARD_WRITE,  /* heap: bytes behind an allocation were written*/
    TRAP_REF,          /* reference count below zero or saturated      */
    TRAP_STALE_HANDLE, /* generation handle of a dead object           */
    TRAP_UNREACHABLE,
    TRAP_LIST, /* list links that do not point back            */
};

/* Instruction bytes 67 0f b9 40 kind (ud1 kind(%eax),%eax), the encoding clang uses itself. */
#define trap(kind)                                                                                 \
    do {                                                                                           \
        __asm__ volatile("ud1l %c0(%%eax), %%eax" ::"i"(kind));                                    \
        __builtin_unreachable();                                                                   \
    } while (0)

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (__builtin_expect(!(cond), 0))                                                          \
            trap(TRAP_CHECK);                                                                      \
    } while (0)

/* The name of the trap whose instruction starts with these bytes ("bounds", "kcfi",
 * "double free"), or NULL if they are not one of ours. `insn` has at least 5 readable bytes.
 * gcc's checks are all `ud2`, which says no more than "undefined behaviour". */
const char *trap_name(const uint8_t insn[5]);

#endif
