/* must trap: list links in remove_node */
/* SPDX-License-Identifier: BSD-3-Clause
 * An element whose neighbour does not point back: somebody wrote over a link.
 */
#include "base/list.h"
#include "tests/negative/crime.h"

__attribute__((noinline)) static void remove_node(struct list_node *n) {
    list_remove(n);
}

void crime(void) {
    struct list_node a = {0}, b = {0};
    struct list l;

    list_init(&l);
    list_push_back(&l, &a);
    list_push_back(&l, &b);
    a.next = &l.head;
    remove_node(&b);
}
