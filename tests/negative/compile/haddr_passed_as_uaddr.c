/* must not compile: incompatible type */
/* SPDX-License-Identifier: BSD-3-Clause
 * An address of the host is not an address of the guest.
 */
#include "base/addr.h"

bool crime(haddr there, uaddr here);
bool crime(haddr there, uaddr here) {
#ifdef CRIME
    return uaddr_is_null(there);
#else
    return uaddr_is_null(here) && there.va == 0;
#endif
}
