/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The measured configuration: what `occlum build` makes of Occlum.json, in a flat form that needs
 * no JSON parser in the enclave. It lies in measured, read-only pages at CONFIG_BASE; therefore
 * each value here is part of MRENCLAVE.
 *
 *   struct config_header, then three arrays, then the string bytes:
 *   struct config_string  strings[string_count]   entry points, env defaults, env untrusted names
 *   struct config_mount   mounts[mount_count]
 *
 * A config_ref points into the file, at bytes that are NUL-terminated (the NUL is not counted).
 */
#ifndef ABI_IMAGE_CONFIG_H
#define ABI_IMAGE_CONFIG_H

#include <stdint.h>

#define CONFIG_MAGIC   0x3147464343434cull /* "LCCCFG1" */
#define CONFIG_VERSION 1u

struct config_ref {
    uint32_t offset, size; /* bytes from the start of the header */
};

enum config_string_kind {
    CONFIG_ENTRY_POINT = 1,  /* absolute path prefix that `run` may start             */
    CONFIG_ENV_DEFAULT = 2,  /* NAME=value, always given                              */
    CONFIG_ENV_UNTRUSTED = 3 /* NAME, whose value the host may set                    */
};

struct config_string {
    uint32_t kind; /* enum config_string_kind */
    struct config_ref text;
};

enum config_mount_kind {
    CONFIG_MOUNT_UNION = 1, /* "/": image below, run/ volume above   */
    CONFIG_MOUNT_SEFS = 2,
    CONFIG_MOUNT_HOST = 3,
    CONFIG_MOUNT_RAM = 4,
    CONFIG_MOUNT_EXT2 = 5,
    CONFIG_MOUNT_PROC = 6,
    CONFIG_MOUNT_DEV = 7
};

#define CONFIG_MOUNT_LAYER_IMAGE 0x1u /* read-only layer of the union that comes before it  */
#define CONFIG_MOUNT_LAYER_RW    0x2u /* writable layer of the union that comes before it   */
#define CONFIG_MOUNT_TEMPORARY   0x4u /* empty at each start                                */
#define CONFIG_MOUNT_HAS_MAC     0x8u /* the option is given, perhaps empty: fixed content  */

/* A union is followed by its two layers, the image first; they are no mounts of their own. */
struct config_mount {
    uint32_t kind;  /* enum config_mount_kind */
    uint32_t flags; /* CONFIG_MOUNT_* */
    struct config_ref target, source, mac;
    uint64_t size; /* options that are numbers: disk_size or cache_size, else 0 */
};

struct config_header {
    uint64_t magic;
    uint32_t version;
    uint32_t total_size; /* header to last string byte */

    /* root image, see abi/image/rootfs.h */
    uint64_t rootfs_data_blocks, rootfs_tree_blocks;
    uint8_t rootfs_hash[32];

    /* resource limits, bytes */
    uint64_t kernel_heap_size, kernel_heap_max_size, kernel_stack_size;
    uint64_t user_space_size, user_space_max_size;
    uint64_t default_stack_size, default_heap_size, default_mmap_size;
    uint64_t marshal_buffer_size;       /* no effect */
    uint32_t max_threads, init_threads; /* init_threads: 0 if not given            */
    uint32_t cpus, reserved;            /* vCPUs at most; 0: one per online CPU     */

    /* metadata: also in SIGSTRUCT, repeated here so that MRENCLAVE covers all of Occlum.json */
    uint32_t product_id, version_number;
    uint64_t family_id[2], ext_prod_id[2]; /* {low, high} */
    uint32_t flags;                        /* CONFIG_FLAG_*                      */
    uint32_t feature_amx, feature_pkru, feature_io_uring;

    uint32_t string_count, mount_count;
    uint32_t strings_offset, mounts_offset;
};

#define CONFIG_FLAG_DEBUGGABLE  0x1u
#define CONFIG_FLAG_DISABLE_LOG 0x2u
#define CONFIG_FLAG_KSS         0x4u
#define CONFIG_FLAG_EDMM        0x8u
#define CONFIG_FLAG_POSIX_SHM   0x10u

_Static_assert(sizeof(struct config_string) == 12, "file layout");
_Static_assert(sizeof(struct config_mount) == 40, "file layout");
_Static_assert(sizeof(struct config_header) == 224, "file layout");

#endif
