/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A host-call area and a host behind it, for tests of the real stubs (host_gen.c, frame.c): it
 * stands in for arch/x86_64/hostmem.c, the vCPU and enclave_exit(). Every word the enclave reads is
 * counted and then changed, so whoever reads twice sees two answers. An access that is unaligned or
 * leaves the area ends the test. Link it directly, never through testlib.
 */
#ifndef TESTS_LIB_FAKEAREA_H
#define TESTS_LIB_FAKEAREA_H

#include "abi/host/area.h"
#include "base/compiler.h"

struct fakearea {
    struct host_area *area;                /* page aligned; ASan guards both ends */
    void (*serve)(struct host_area *area); /* the host; called at each exit */
    uint64_t exits;
    uint64_t answers_read; /* reads of `result` since the last exit */
    uint64_t words_read;   /* other words read since the last exit */
    uint64_t read_twice;   /* words that were read again before the next exit, ever */
};

extern struct fakearea fakearea;

/* A new area for the vCPU, filled with 0xa5; counters at zero. */
void fakearea_reset(void (*serve)(struct host_area *area));
/* Fills the whole area with one byte. */
void fakearea_fill(uint8_t byte);

#endif
