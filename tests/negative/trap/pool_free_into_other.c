/* must trap: bad free in pool_free */
/* SPDX-License-Identifier: BSD-3-Clause
 * An object freed into the pool of another type.
 */
#include "base/pool.h"
#include "tests/negative/crime.h"

struct file {
    uint64_t a[4];
};
struct inode {
    uint64_t a[4];
};

static struct pool g_files = POOL_INIT(g_files, struct file);
static struct pool g_inodes = POOL_INIT(g_inodes, struct inode);

void crime(void) {
    struct file *f = POOL_NEW(&g_files, struct file);

    look_at((uintptr_t)POOL_NEW(&g_inodes, struct inode));
    pool_free(&g_inodes, f);
}
