/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The published SIGSTRUCTs and measurement streams, from tests/vectors/sigstruct.
 */
#ifndef TESTS_UNIT_SGX_VECTORS_H
#define TESTS_UNIT_SGX_VECTORS_H

#include "base/span.h"

struct vector {
    uint8_t bytes[64 * 1024];
};

/* Ends the test if the file is not there or too big. */
static inline cspan vector_load(struct vector *v, const char *name) {
    char path[512];
    FILE *f;
    size_t n;

    (void)snprintf(path, sizeof(path), "%s/sigstruct/%s", getenv("TEST_VECTORS"), name);
    f = fopen(path, "rbe");
    if (f == NULL)
        fail_msg("cannot open %s", path);
    n = fread(v->bytes, 1, sizeof(v->bytes), f);
    (void)fclose(f);
    assert_true(n < sizeof(v->bytes));
    return cspan_of(v->bytes, n);
}

#endif
