/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SHA-256 with the SHA extensions. The eight variables live in two registers, {f,e,b,a} and
 * {h,g,d,c} from the lowest lane up; sha256rnds2 does two rounds and its result is the next
 * {f,e,b,a}, while the old one becomes {h,g,d,c}. Four rounds use one register of the message
 * schedule, four of which are kept.
 *
 * This file alone is compiled with vector registers (base/meson.build). It uses the compiler's
 * vector types and builtins rather than <immintrin.h>, which drags libc headers in.
 */
#include "base/sha256_kernel.h"

typedef uint32_t u32x4 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
/* The caller's bytes: any alignment, any type. */
typedef uint8_t u8x16_any __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint32_t u32x4_any __attribute__((vector_size(16), aligned(4), may_alias));

static inline u32x4 load_be(const uint8_t *p) {
    u8x16 v = *(const u8x16_any *)p;

    return (u32x4)__builtin_shufflevector(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13,
                                          12);
}

static inline u32x4 rounds2(u32x4 hgdc, u32x4 feba, u32x4 kw) {
    return (u32x4)__builtin_ia32_sha256rnds2((i32x4)hgdc, (i32x4)feba, (i32x4)kw);
}

/* Words t .. t+3 of the schedule from m, the sixteen before them (m[0] the oldest four). */
static inline u32x4 schedule(const u32x4 m[4], unsigned i) {
    u32x4 m0 = m[i & 3];
    u32x4 m1 = m[(i + 1) & 3];
    u32x4 m2 = m[(i + 2) & 3];
    u32x4 m3 = m[(i + 3) & 3];
    u32x4 w7 = __builtin_shufflevector(m2, m3, 1, 2, 3, 4);
    u32x4 sum = (u32x4)__builtin_ia32_sha256msg1((i32x4)m0, (i32x4)m1) + w7;

    return (u32x4)__builtin_ia32_sha256msg2((i32x4)sum, (i32x4)m3);
}

/* state[0] is {f,e,b,a}, state[1] {h,g,d,c}. */
static inline void block_ni(u32x4 state[2], const uint8_t *block) {
    u32x4 feba = state[0];
    u32x4 hgdc = state[1];
    u32x4 m[4];

#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++) {
        m[i & 3] = i < 4 ? load_be(block + (size_t)(i & 3) * 16) : schedule(m, i);
        u32x4 kw = m[i & 3] + *(const u32x4_any *)&sha256_k[i * 4];
        hgdc = rounds2(hgdc, feba, kw);
        feba = rounds2(feba, hgdc, __builtin_shufflevector(kw, kw, 2, 3, 2, 3));
    }
    state[0] += feba;
    state[1] += hgdc;
}

void sha256_blocks_ni(uint32_t state[8], const uint8_t *blocks, size_t count) {
    u32x4_any *words = (u32x4_any *)state;
    u32x4 abcd = words[0];
    u32x4 efgh = words[1];
    u32x4 s[2] = {__builtin_shufflevector(abcd, efgh, 5, 4, 1, 0),
                  __builtin_shufflevector(abcd, efgh, 7, 6, 3, 2)};

    for (size_t i = 0; i < count; i++)
        block_ni(s, blocks + i * 64);
    words[0] = __builtin_shufflevector(s[0], s[1], 3, 2, 7, 6);
    words[1] = __builtin_shufflevector(s[0], s[1], 1, 0, 5, 4);
}
