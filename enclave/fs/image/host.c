/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The root image as the host serves it. host_image_read copies the answer into dst once, so what
 * block.c hashes is what it uses.
 */
#include "enclave/fs/image/rootfs.h"
#include "enclave/host/call.h"

static err image_read(struct block_source *source, uint64_t offset, span dst) {
    return host_image_read(offset, dst);
}

struct block_source *rootfs_host_source(void) {
    static const struct block_source_ops ops = {.read = image_read};
    static struct block_source source = {.ops = &ops};

    return &source;
}
