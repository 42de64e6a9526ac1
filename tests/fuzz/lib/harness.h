/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One harness file, three engines. A target tests/fuzz/NAME.c includes this file, defines
 * LLVMFuzzerTestOneInput, states its oracle with FUZZ_CHECK, and ends with FUZZ_MAIN(size). Then
 *
 *   -fsanitize=fuzzer   libFuzzer calls it (./dev fuzz NAME, tests/fuzz/NAME_gate.sh)
 *   -DFUZZ_REPLAY       a plain main runs it once on each file it is given: crashes, coverage
 *   frama-c -DFUZZ_EVA  main gives it 0..size bytes of unknown content: a proof over all inputs
 *
 * Under EVA the oracle is still executed, so that its own accesses are checked, but says nothing.
 */
#ifndef TESTS_FUZZ_LIB_HARNESS_H
#define TESTS_FUZZ_LIB_HARNESS_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_EVA

#include "tests/proof/unknown.h"

#define FUZZ_CHECK(cond)                                                                           \
    do {                                                                                           \
        volatile int fuzz_check_ = (cond);                                                         \
        (void)fuzz_check_;                                                                         \
    } while (0)

#define FUZZ_MAIN(size)                                                                            \
    int main(void) {                                                                               \
        static uint8_t bytes[size];                                                                \
        unknown_bytes(bytes, size);                                                                \
        return LLVMFuzzerTestOneInput(bytes, unknown_size(0, size));                               \
    }

#else

#include <stdio.h>
#include <stdlib.h>

/* What must hold of every answer. Names the broken sentence, then dies as a crash of the fuzzer. */
#define FUZZ_CHECK(cond)                                                                           \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fprintf(stderr, "oracle: %s:%d: not true: %s\n", __FILE__, __LINE__, #cond);           \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#ifdef FUZZ_REPLAY

#define FUZZ_REPLAY_SIZE 65536u

static inline int fuzz_replay(const char *path) {
    static uint8_t bytes[FUZZ_REPLAY_SIZE];
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    /* An allocation of the very size, so that a sanitizer sees an access behind the end. */
    uint8_t *exact = malloc(size + (size == 0));
    for (size_t i = 0; i < size; i++)
        exact[i] = bytes[i];
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

#define FUZZ_MAIN(size)                                                                            \
    int main(int argc, char **argv) {                                                              \
        int rc = 0;                                                                                \
        for (int i = 1; i < argc; i++)                                                             \
            rc |= fuzz_replay(argv[i]);                                                            \
        printf("replayed %d inputs\n", argc - 1);                                                  \
        return rc;                                                                                 \
    }

#else
#define FUZZ_MAIN(size) /* libFuzzer brings its own */
#endif
#endif

#endif
