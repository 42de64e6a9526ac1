/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The vector registers belong to the program that runs; kernel code borrows them here.
 */
#ifndef ARCH_X86_64_VECTOR_H
#define ARCH_X86_64_VECTOR_H

/* Runs fn(arg), which may use SSE registers, with clean vector state, and restores the program's.
 * fn must not block, fault or leave the enclave. In the twin it is a plain call. */
#ifdef TWIN
static inline void vector_call(void (*fn)(void *), void *arg) {
    fn(arg);
}
#else
void vector_call(void (*fn)(void *), void *arg);
#endif

#endif
