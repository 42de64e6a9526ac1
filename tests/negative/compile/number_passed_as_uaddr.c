/* must not compile: incompatible type */
/* SPDX-License-Identifier: BSD-3-Clause
 * A plain number does not become a guest address unless UADDR says so.
 */
#include "base/addr.h"

bool crime(uint64_t va);
bool crime(uint64_t va) {
#ifdef CRIME
    return uaddr_is_null(va);
#else
    return uaddr_is_null(UADDR(va));
#endif
}
