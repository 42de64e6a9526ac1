/* must not compile: incompatible (result )?type */
/* SPDX-License-Identifier: BSD-3-Clause
 * `return 0` (or false, or -1) from a function that returns err.
 */
#include "base/err.h"

err crime(void);
err crime(void) {
#ifdef CRIME
    return 0;
#else
    return OK;
#endif
}
