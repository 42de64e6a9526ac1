/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A host for hosted tests: what it answers is set by the test, what it was given is kept. It stands
 * in for the generated stubs (host_gen.c), the clock and the sending of signals.
 */
#ifndef TESTS_LIB_FAKEHOST_H
#define TESTS_LIB_FAKEHOST_H

#include "abi/host/types.h"
#include "base/compiler.h"

#define FAKEHOST_FILES 3
#define FAKEHOST_BYTES 65536

struct fakehost_file {
    struct host_stat st;
    char input[FAKEHOST_BYTES]; /* what read gives, in pieces of at most `piece` */
    size_t input_size, input_used;
    char output[FAKEHOST_BYTES]; /* what write took, in pieces of at most `piece` */
    size_t output_size;
    size_t piece;              /* 0: any size */
    uint32_t ready;            /* poll bits */
    int fail_read, fail_write; /* errno, 0: none */
};

struct fakehost {
    struct fakehost_file files[FAKEHOST_FILES];
    uint64_t now; /* both clocks, ns; sleeping and polling moves it on */
    uint32_t polls, sleeps;
    int last_signal;
};

extern struct fakehost fakehost;

/* Standard files are pipes, nothing to read, always ready. */
void fakehost_reset(void);
void fakehost_input(uint32_t fd, const char *text);

#endif
