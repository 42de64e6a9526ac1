/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The message is cut into blocks of 64 bytes; what does not fill a block waits in h->block. Whole
 * blocks go straight from the caller's memory to the kernel. The end is marked by a 1 bit, zeros
 * and the length in bits, big-endian.
 */
#include "base/sha256.h"

#include "base/mem.h"
#include "base/sha256_kernel.h"

#define BLOCK 64u

// clang-format off
const uint32_t sha256_k[64] ALIGNED(16) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const uint32_t g_initial[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
// clang-format on

static SEALED bool g_use_ni = false;

void sha256_use_ni(bool on) {
    g_use_ni = on;
}

static inline uint32_t rotr(uint32_t v, unsigned n) {
    return v >> n | v << (32 - n);
}

static inline uint32_t be32_at(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

/* Round t with K + W = kw. Instead of moving all eight variables down, the names move: a is v[-t].
 */
NO_SANITIZE_WRAP static inline void round_at(uint32_t v[8], unsigned t, uint32_t kw) {
    uint32_t a = v[(8 - t) & 7];
    uint32_t b = v[(9 - t) & 7];
    uint32_t c = v[(10 - t) & 7];
    uint32_t e = v[(12 - t) & 7];
    uint32_t f = v[(13 - t) & 7];
    uint32_t g = v[(14 - t) & 7];
    uint32_t sum1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    uint32_t sum0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    uint32_t t1 = v[(15 - t) & 7] + sum1 + (g ^ (e & (f ^ g))) + kw;

    v[(11 - t) & 7] += t1;
    v[(15 - t) & 7] = t1 + sum0 + ((a & b) | (c & (a | b)));
}

/* The next word of the schedule replaces the one of 16 rounds ago. */
NO_SANITIZE_WRAP static inline uint32_t schedule(uint32_t w[16], unsigned t) {
    uint32_t x = w[(t + 1) & 15];
    uint32_t y = w[(t + 14) & 15];

    w[t & 15] += (rotr(x, 7) ^ rotr(x, 18) ^ x >> 3) + w[(t + 9) & 15] +
                 (rotr(y, 17) ^ rotr(y, 19) ^ y >> 10);
    return w[t & 15];
}

NO_SANITIZE_WRAP static void block_portable(uint32_t state[8], const uint8_t *block) {
    uint32_t v[8];
    uint32_t w[16];

#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++)
        v[i] = state[i];
#pragma GCC unroll 16
    for (unsigned t = 0; t < 16; t++) {
        w[t] = be32_at(block + (size_t)t * 4);
        round_at(v, t & 7, sha256_k[t] + w[t]);
    }
    for (unsigned base = 16; base < 64; base += 16) {
#pragma GCC unroll 16
        for (unsigned t = 0; t < 16; t++)
            round_at(v, t & 7, sha256_k[base + t] + schedule(w, t));
    }
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++)
        state[i] += v[i];
}

static void take_blocks(struct sha256 *h, const uint8_t *blocks, size_t count) {
    if (g_use_ni) {
        sha256_blocks_ni(h->state, blocks, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        block_portable(h->state, blocks + i * BLOCK);
}

void sha256_init(struct sha256 *h) {
    mem_copy(h->state, g_initial, sizeof(h->state));
    h->size = 0;
}

void sha256_update(struct sha256 *h, cspan data) {
    size_t filled = (size_t)(h->size % BLOCK);
    size_t part = data.n < BLOCK - filled ? data.n : BLOCK - filled;

    if (data.n == 0)
        return;
    h->size += data.n;
    if (filled != 0) {
        mem_copy(h->block + filled, data.p, part);
        if (filled + part < BLOCK)
            return;
        take_blocks(h, h->block, 1);
        data = (cspan){data.p + part, data.n - part};
    }
    if (data.n >= BLOCK)
        take_blocks(h, data.p, data.n / BLOCK);
    if (data.n % BLOCK != 0)
        mem_copy(h->block, data.p + (data.n - data.n % BLOCK), data.n % BLOCK);
}

void sha256_final(struct sha256 *h, uint8_t out[SHA256_SIZE]) {
    size_t filled = (size_t)(h->size % BLOCK);
    uint64_t bits = h->size * 8;

    h->block[filled++] = 0x80;
    if (filled > BLOCK - 8) {
        mem_zero(h->block + filled, BLOCK - filled);
        take_blocks(h, h->block, 1);
        filled = 0;
    }
    mem_zero(h->block + filled, BLOCK - 8 - filled);
    for (unsigned i = 0; i < 8; i++)
        h->block[BLOCK - 1 - i] = (uint8_t)(bits >> (8 * i));
    take_blocks(h, h->block, 1);
    for (unsigned i = 0; i < SHA256_SIZE; i++)
        out[i] = (uint8_t)(h->state[i / 4] >> (24 - 8 * (i % 4)));
    mem_wipe(h, sizeof(*h));
}

void sha256_of(cspan data, uint8_t out[SHA256_SIZE]) {
    struct sha256 h;

    sha256_init(&h);
    sha256_update(&h, data);
    sha256_final(&h, out);
}
