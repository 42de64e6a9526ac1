/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Each word remembers at which exit it was read last; reading it at the same exit again is the
 * double fetch that must never happen.
 */
#include "tests/lib/fakearea.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/exit.h"
#include "arch/x86_64/hostmem.h"
#include "arch/x86_64/vcpu.h"
#include "enclave/host/frame.h"

#define WORDS       (sizeof(struct host_area) / 8)
#define RESULT_WORD (offsetof(struct host_area, result) / 8)

_Static_assert(sizeof(struct host_area) % 8 == 0, "whole words");

struct fakearea fakearea;
static struct vcpu g_vcpu;
static uint64_t g_read_at[WORDS]; /* the exit at which a word was read last, 0: never */

struct vcpu *vcpu_current(void) {
    return &g_vcpu;
}

static void require(bool holds, const char *what) {
    if (holds)
        return;
    fprintf(stderr, "fakearea: %s\n", what);
    abort();
}

void fakearea_fill(uint8_t byte) {
    memset(fakearea.area, byte, sizeof(*fakearea.area));
}

void fakearea_reset(void (*serve)(struct host_area *area)) {
    void *room = fakearea.area;

    if (room == NULL)
        require(posix_memalign(&room, 4096, sizeof(struct host_area)) == 0, "no memory");
    fakearea = (struct fakearea){.area = room, .serve = serve};
    memset(g_read_at, 0, sizeof(g_read_at));
    fakearea_fill(0xa5);
    require(!failed(host_area_set(HADDR((uint64_t)(uintptr_t)room))), "the area is refused");
}

/* The first word of n bytes at `at`. */
static size_t word_at(haddr at, size_t n) {
    uint64_t off = at.va - (uint64_t)(uintptr_t)fakearea.area;

    require(at.va % 8 == 0, "unaligned access");
    require(off <= sizeof(struct host_area) && n <= sizeof(struct host_area) - off,
            "access outside the area");
    return off / 8;
}

static uint64_t *words(void) {
    return (uint64_t *)(void *)fakearea.area;
}

/* Reads a word, then changes it. */
static uint64_t fetch(size_t word) {
    uint64_t *all = words();
    uint64_t v = all[word];

    fakearea.read_twice += g_read_at[word] == fakearea.exits + 1;
    g_read_at[word] = fakearea.exits + 1;
    if (word == RESULT_WORD)
        fakearea.answers_read++;
    else
        fakearea.words_read++;
    all[word] = ~v;
    return v;
}

void hostmem_put_u64(haddr at, uint64_t v) {
    words()[word_at(at, 8)] = v;
}

uint64_t hostmem_get_u64(haddr at) {
    return fetch(word_at(at, 8));
}

void hostmem_put(haddr at, cspan src) {
    size_t word = word_at(at, src.n);

    for (size_t i = 0; i < src.n; i += 8, word++) {
        uint64_t v = 0;

        memcpy(&v, src.p + i, src.n - i < 8 ? src.n - i : 8);
        words()[word] = v;
    }
}

void hostmem_get(span dst, haddr at) {
    size_t word = word_at(at, dst.n);

    for (size_t i = 0; i < dst.n; i += 8, word++) {
        uint64_t v = fetch(word);

        memcpy(dst.p + i, &v, dst.n - i < 8 ? dst.n - i : 8);
    }
}

void enclave_exit(uint64_t code, uint64_t value) {
    require(code == HOST_EXIT_CALL && value == 0, "left for something else than a call");
    fakearea.exits++;
    fakearea.answers_read = 0;
    fakearea.words_read = 0;
    fakearea.serve(fakearea.area);
}
