/* SPDX-License-Identifier: BSD-3-Clause
 *
 * /dev: the devices every program expects, and nothing of the host's.
 */
#ifndef ENCLAVE_FS_DEV_DEV_H
#define ENCLAVE_FS_DEV_DEV_H

#include "enclave/fs/vfs/inode.h"

/* The device file system. ENOMEM. */
MUST err devfs_new(struct fs **out);

#endif
