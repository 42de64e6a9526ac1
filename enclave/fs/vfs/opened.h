/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The open file of an inode; private to the VFS.
 */
#ifndef ENCLAVE_FS_VFS_OPENED_H
#define ENCLAVE_FS_VFS_OPENED_H

#include "enclave/fs/vfs/dentry.h"

/* A file on d with these flags and one reference. ENOMEM. */
MUST err opened_new(struct dentry *d, uint32_t flags, struct file **out);

#endif
