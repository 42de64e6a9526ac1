/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Included by harnesses under Frama-C only: content and numbers nothing is known about.
 */
#ifndef TESTS_PROOF_UNKNOWN_H
#define TESTS_PROOF_UNKNOWN_H

#include "__fc_builtin.h"

static inline void unknown_bytes(uint8_t *p, size_t n) {
    Frama_C_make_unknown((char *)p, n);
}

/* low..high */
static inline size_t unknown_size(size_t low, size_t high) {
    return Frama_C_size_t_interval(low, high);
}

#endif
