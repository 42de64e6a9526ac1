/* must not compile: ignoring return value */
/* SPDX-License-Identifier: BSD-3-Clause
 * A call that can fail must be looked at.
 */
#include "base/err.h"

MUST err may_fail(void);
err crime(void);
err crime(void) {
#ifdef CRIME
    may_fail();
    return OK;
#else
    return may_fail();
#endif
}
