/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The root image as a file system of the VFS: read-only, names and bytes from rootfs.h.
 */
#ifndef ENCLAVE_FS_IMAGE_MOUNT_H
#define ENCLAVE_FS_IMAGE_MOUNT_H

#include "enclave/fs/image/rootfs.h"
#include "enclave/fs/vfs/inode.h"

/* Opens the image. `source` is borrowed and must outlive the file system. Errors of rootfs_open,
 * ENOMEM. */
MUST err imagefs_new(struct block_source *source, const struct rootfs_params *params,
                     struct fs **out);

#endif
