/* must trap: check in crime */
/* SPDX-License-Identifier: BSD-3-Clause
 * An object taken from the pool of another type.
 */
#include "base/pool.h"
#include "tests/negative/crime.h"

struct file {
    uint64_t a[4];
};
struct inode {
    uint64_t a[9];
};

static struct pool g_files = POOL_INIT(g_files, struct file);

void crime(void) {
    look_at((uintptr_t)POOL_NEW(opaque_ptr(&g_files), struct inode));
}
