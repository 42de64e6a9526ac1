/* must not compile: of scalar type|where scalar is required */
/* SPDX-License-Identifier: BSD-3-Clause
 * `if (err)`: which way round it was meant cannot be known.
 */
#include "base/err.h"

err may_fail(void);
int crime(void);
int crime(void) {
#ifdef CRIME
    if (may_fail())
        return 1;
#else
    if (failed(may_fail()))
        return 1;
#endif
    return 0;
}
