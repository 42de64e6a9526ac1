/* SPDX-License-Identifier: BSD-3-Clause
 *
 * tmpfs: files in enclave memory, gone when the enclave ends. Data lies in blocks of 4 KiB that
 * exist only where something was written; names lie in the directory they belong to. The sum of
 * the blocks is bounded by the size given at the start: ENOSPC.
 */
#ifndef ENCLAVE_FS_TMP_TMP_H
#define ENCLAVE_FS_TMP_TMP_H

#include "enclave/fs/vfs/inode.h"

#define TMPFS_BLOCK        4096u
#define TMPFS_DEFAULT_SIZE (256ull << 20)

/* An empty file system of at most `size` bytes, its root with this mode (01777). ENOMEM. */
MUST err tmpfs_new(uint64_t size, uint32_t root_mode, struct fs **out);

#endif
