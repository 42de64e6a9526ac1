/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Two steps: where everything goes follows from the counts, then it is put there. The buffer
 * starts zeroed, so gaps and reserved fields are zero.
 */
#include "cli/config/flat.h"

#include <stdlib.h>
#include <string.h>

#include "abi/image/layout.h"
#include "base/num.h"

/* The file being written; strings are put at `end`. */
struct flat {
    uint8_t *bytes;
    size_t strings, mounts; /* offsets of the arrays */
    size_t end, size;
};

static size_t text_room(const char *text) {
    return strlen(text) + 1;
}

static err flat_plan(struct flat *f, const struct config *c) {
    uint64_t mounts;
    size_t size;

    f->strings = sizeof(struct config_header);
    if (!align_up_ok(&mounts, f->strings + c->text_count * sizeof(struct config_string), 8))
        return ERR(E2BIG);
    f->mounts = mounts;
    f->end = f->mounts + c->mount_count * sizeof(struct config_mount);
    size = f->end;
    for (size_t i = 0; i < c->text_count; i++)
        size += text_room(c->texts[i].text);
    for (size_t i = 0; i < c->mount_count; i++)
        size += text_room(c->mounts[i].target) + text_room(c->mounts[i].source) +
                text_room(c->mounts[i].mac);
    f->size = size;
    return size <= CONFIG_MAX_SIZE ? OK : ERR(E2BIG);
}

static struct config_ref flat_text(struct flat *f, const char *text) {
    struct config_ref ref = {(uint32_t)f->end, (uint32_t)strlen(text)};

    memcpy(&f->bytes[f->end], text, text_room(text));
    f->end += text_room(text);
    return ref;
}

static void flat_strings(struct flat *f, const struct config *c) {
    for (size_t i = 0; i < c->text_count; i++) {
        struct config_string s = {.kind = c->texts[i].kind, .text = flat_text(f, c->texts[i].text)};

        memcpy(&f->bytes[f->strings + i * sizeof(s)], &s, sizeof(s));
    }
}

static void flat_mounts(struct flat *f, const struct config *c) {
    for (size_t i = 0; i < c->mount_count; i++) {
        const struct config_fs *fs = &c->mounts[i];
        struct config_mount m = {.kind = fs->kind, .flags = fs->flags, .size = fs->size};

        m.target = flat_text(f, fs->target);
        m.source = flat_text(f, fs->source);
        m.mac = flat_text(f, fs->mac);
        memcpy(&f->bytes[f->mounts + i * sizeof(m)], &m, sizeof(m));
    }
}

static uint32_t flat_flags(const struct config *c) {
    const struct {
        enum config_key key;
        uint32_t flag;
    } flags[] = {{KEY_metadata_debuggable, CONFIG_FLAG_DEBUGGABLE},
                 {KEY_metadata_disable_log, CONFIG_FLAG_DISABLE_LOG},
                 {KEY_metadata_enable_kss, CONFIG_FLAG_KSS},
                 {KEY_feature_enable_edmm, CONFIG_FLAG_EDMM},
                 {KEY_feature_enable_posix_shm, CONFIG_FLAG_POSIX_SHM}};
    uint32_t out = 0;

    for (size_t i = 0; i < COUNT_OF(flags); i++)
        out |= c->number[flags[i].key] != 0 ? flags[i].flag : 0;
    return out;
}

static struct config_header flat_header(const struct flat *f, const struct config *c,
                                        const struct rootfs_trailer *rootfs) {
    const uint64_t *n = c->number;
    struct config_header h = {
        .magic = CONFIG_MAGIC,
        .version = CONFIG_VERSION,
        .total_size = (uint32_t)f->size,
        .rootfs_data_blocks = rootfs->data_blocks,
        .rootfs_tree_blocks = rootfs->tree_blocks,
        .kernel_heap_size = n[KEY_resource_limits_kernel_space_heap_size],
        .kernel_heap_max_size = n[KEY_resource_limits_kernel_space_heap_max_size],
        .kernel_stack_size = n[KEY_resource_limits_kernel_space_stack_size],
        .user_space_size = n[KEY_resource_limits_user_space_size],
        .user_space_max_size = n[KEY_resource_limits_user_space_max_size],
        .default_stack_size = n[KEY_process_default_stack_size],
        .default_heap_size = n[KEY_process_default_heap_size],
        .default_mmap_size = n[KEY_process_default_mmap_size],
        .marshal_buffer_size = n[KEY_resource_limits_marshal_buffer_size],
        .max_threads = (uint32_t)n[KEY_resource_limits_max_num_of_threads],
        .init_threads = (uint32_t)n[KEY_resource_limits_init_num_of_threads],
        .cpus = (uint32_t)n[KEY_resource_limits_num_of_cpus],
        .product_id = (uint32_t)n[KEY_metadata_product_id],
        .version_number = (uint32_t)n[KEY_metadata_version_number],
        .family_id = {n[KEY_family_id_low], n[KEY_family_id_high]},
        .ext_prod_id = {n[KEY_ext_prod_id_low], n[KEY_ext_prod_id_high]},
        .flags = flat_flags(c),
        .feature_amx = (uint32_t)n[KEY_feature_amx],
        .feature_pkru = (uint32_t)n[KEY_feature_pkru],
        .feature_io_uring = (uint32_t)n[KEY_feature_io_uring],
        .string_count = (uint32_t)c->text_count,
        .mount_count = (uint32_t)c->mount_count,
        .strings_offset = (uint32_t)f->strings,
        .mounts_offset = (uint32_t)f->mounts,
    };

    memcpy(h.rootfs_hash, rootfs->root_hash, sizeof(h.rootfs_hash));
    return h;
}

err flat_write(uint8_t **bytes, size_t *size, const struct config *config,
               const struct rootfs_trailer *rootfs) {
    struct flat f = {0};

    TRY(flat_plan(&f, config));
    f.bytes = calloc(1, f.size);
    if (f.bytes == NULL)
        return ERR(ENOMEM);
    /* commit: it fits */
    struct config_header header = flat_header(&f, config, rootfs);
    memcpy(f.bytes, &header, sizeof(header));
    flat_strings(&f, config);
    flat_mounts(&f, config);
    *bytes = f.bytes;
    *size = f.size;
    return OK;
}
