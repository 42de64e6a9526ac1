/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every host call through one type, so that a test goes over all rows of abi/host/host.def without
 * naming any: a new row is tested from the day it is there. tools/gen/host.py makes the table.
 */
#ifndef TESTS_LIB_HOSTROW_H
#define TESTS_LIB_HOSTROW_H

#include "enclave/host/call.h"
#include "host_num_gen.h"

enum host_row_result { ROW_NONE, ROW_BYTES, ROW_EXACT, ROW_U64 };

/* What a call is given and what it gave; a row uses what its shape says. */
struct host_row_args {
    uint64_t numbers[6]; /* the number arguments, in order */
    cspan in;
    span out;
    const void *put;
    void *get;
    size_t done;
    uint64_t answer;
};

struct host_row {
    const char *name;
    uint32_t number;
    enum host_row_result result;
    /* A letter an argument: n u32, N u64, i in, o out, g get, p put. */
    const char *shape;
    size_t struct_size; /* of the get or put */
    err (*call)(struct host_row_args *a);
};

#include "host_rows_gen.h"

#endif
