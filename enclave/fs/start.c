/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What lies where when the first program starts. The root is read-only for now, so /tmp is the
 * place to write. A directory that the image lacks is made up (mount.h).
 */
#include "base/log.h"
#include "base/mem.h"
#include "enclave/fs/dev/dev.h"
#include "enclave/fs/image/mount.h"
#include "enclave/fs/proc/proc.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/fs/tmp/tmp.h"
#include "enclave/fs/vfs/vfs.h"

static err open_image(const struct vfs_setup *setup, struct fs **out) {
    struct rootfs_params params = {.data_blocks = setup->data_blocks,
                                   .tree_blocks = setup->tree_blocks};

    mem_copy(params.root_hash, setup->root_hash, sizeof(params.root_hash));
    return imagefs_new(rootfs_host_source(), &params, out);
}

static err mount_tmp(struct fs_context *c, cspan path) {
    struct fs *fs;

    TRY(tmpfs_new(TMPFS_DEFAULT_SIZE, 01777, &fs));
    return vfs_mount(c, path, fs);
}

static err mount_all(struct fs_context *c, const struct proc_source *source) {
    struct fs *fs;

    TRY(devfs_new(&fs));
    TRY(vfs_mount(c, CSPAN_LIT("/dev"), fs));
    TRY(mount_tmp(c, CSPAN_LIT("/dev/shm")));
    TRY(mount_tmp(c, CSPAN_LIT("/tmp")));
    TRY(procfs_new(source, &fs));
    return vfs_mount(c, CSPAN_LIT("/proc"), fs);
}

err vfs_start(const struct vfs_setup *setup, struct fs_context **fs, struct fdtable **files) {
    struct fs *root;

    TRY(open_image(setup, &root));
    TRY(vfs_mount_root(root, fs));
    TRY(mount_all(*fs, setup->proc));
    TRY(fdtable_new(files));
    return stdio_install(*files);
}
