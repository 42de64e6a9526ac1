/* must not compile: file not found|No such file or directory */
/* SPDX-License-Identifier: BSD-3-Clause
 * Enclave code has no libc: its headers are not on the path.
 */
#include "base/compiler.h"
#ifdef CRIME
#include <string.h>
#endif

size_t crime(void);
size_t crime(void) {
    return 0;
}
