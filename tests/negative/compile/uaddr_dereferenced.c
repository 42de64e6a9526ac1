/* must not compile: indirection requires pointer operand|invalid type argument of unary */
/* SPDX-License-Identifier: BSD-3-Clause
 * A guest address is not a pointer: there is nothing to dereference.
 */
#include "base/addr.h"

uint64_t crime(uaddr where);
uint64_t crime(uaddr where) {
#ifdef CRIME
    return *where;
#else
    return where.va;
#endif
}
