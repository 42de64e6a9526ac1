/* must not compile: or pointer type is required|cannot convert to a pointer type */
/* SPDX-License-Identifier: BSD-3-Clause
 * Nor can a guest address be cast to a pointer by mistake.
 */
#include "base/addr.h"

const void *crime(uaddr where);
const void *crime(uaddr where) {
#ifdef CRIME
    return (const void *)where;
#else
    return uaddr_is_null(where) ? NULL : "";
#endif
}
