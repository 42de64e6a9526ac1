/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The vector state assembly saves and restores: the components the enclave is signed with (XFRM in
 * SIGSTRUCT), and room for them in standard form on a stack.
 */
#ifndef ARCH_X86_64_XSAVE_H
#define ARCH_X86_64_XSAVE_H

#define XSAVE_MASK 0xe7 /* x87 SSE AVX AVX512 */
#define XSAVE_SIZE 2752 /* 2688, rounded up, plus room to align to 64 */

#endif
