/* must not compile: invalid operands to binary */
/* SPDX-License-Identifier: BSD-3-Clause
 * A status is not a number: `a() < 0` does not exist.
 */
#include "base/err.h"

err may_fail(void);
bool crime(void);
bool crime(void) {
#ifdef CRIME
    return may_fail() < 0;
#else
    return failed(may_fail());
#endif
}
