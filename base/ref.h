/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A reference count. Who makes the object holds the first reference; the put that returns true was
 * the last and destroys it. A get on a dead object, a put too many and a count that nears its end
 * (a leak in a loop) trap instead of freeing what is in use. All orderings a destructor needs are
 * inside.
 */
#ifndef BASE_REF_H
#define BASE_REF_H

#include "base/trap.h"

struct ref {
    uint32_t n; /* atomic */
};

#define REF_MAX 0x7fffffffU

static inline void ref_init(struct ref *r) {
    __atomic_store_n(&r->n, 1, __ATOMIC_RELAXED);
}

/* The caller holds a reference already, or the lock under which the last one would be dropped. */
static inline void ref_get(struct ref *r) {
    uint32_t before = __atomic_fetch_add(&r->n, 1, __ATOMIC_RELAXED);

    if (__builtin_expect(before == 0 || before >= REF_MAX, 0))
        trap(TRAP_REF);
}

/* For lookups in tables that hold no reference: false if the object is already dying. */
MUST static inline bool ref_get_unless_dead(struct ref *r) {
    uint32_t n = __atomic_load_n(&r->n, __ATOMIC_RELAXED);

    while (n != 0) {
        if (__builtin_expect(n >= REF_MAX, 0))
            trap(TRAP_REF);
        if (__atomic_compare_exchange_n(&r->n, &n, n + 1, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

/* True: it was the last one, destroy the object. */
MUST static inline bool ref_put(struct ref *r) {
    uint32_t before = __atomic_fetch_sub(&r->n, 1, __ATOMIC_ACQ_REL);

    if (__builtin_expect(before == 0 || before > REF_MAX, 0))
        trap(TRAP_REF);
    return before == 1;
}

/* For logs and checks; it may have changed already. */
static inline uint32_t ref_count(const struct ref *r) {
    return __atomic_load_n(&r->n, __ATOMIC_RELAXED);
}

#endif
