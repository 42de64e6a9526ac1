/* must not compile: incompatible (result )?type */
/* SPDX-License-Identifier: BSD-3-Clause
 * TRY leaves with an err; a function that returns a count cannot use it.
 */
#include "base/err.h"

err may_fail(void);
long crime(void);
long crime(void) {
#ifdef CRIME
    TRY(may_fail());
    return 1;
#else
    return failed(may_fail()) ? -1 : 1;
#endif
}
