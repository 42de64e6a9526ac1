/* must not compile: incompatible pointer type */
/* SPDX-License-Identifier: BSD-3-Clause
 * The pointer given to CONTAINER_OF must point to the member's type.
 */
#include "base/compiler.h"

struct link {
    struct link *next;
};
struct job {
    int n;
    struct link link;
};
struct job *crime(struct link *l, int *n);
struct job *crime(struct link *l, int *n) {
#ifdef CRIME
    (void)l;
    return CONTAINER_OF(n, struct job, link);
#else
    *n = 0;
    return CONTAINER_OF(l, struct job, link);
#endif
}
