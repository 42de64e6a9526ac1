/* must trap: list links in remove_node */
/* SPDX-License-Identifier: BSD-3-Clause
 * An element taken out of a list it is not in any more.
 */
#include "base/list.h"
#include "tests/negative/crime.h"

__attribute__((noinline)) static void remove_node(struct list_node *n) {
    list_remove(n);
}

void crime(void) {
    struct list_node a = {0};
    struct list l;

    list_init(&l);
    list_push_back(&l, &a);
    remove_node(&a);
    remove_node(&a);
}
