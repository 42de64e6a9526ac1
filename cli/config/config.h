/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The configuration of an instance, read from Occlum.json and checked. It exists only whole: a
 * file with any mistake gives no config, and every mistake is reported with line and column.
 * cli/config/config.def has the keys.
 */
#ifndef CLI_CONFIG_CONFIG_H
#define CLI_CONFIG_CONFIG_H

#include <stdio.h>

#include "abi/image/config.h"
#include "base/err.h"

enum config_section {
#define SECTION(token, path, meaning) SECTION_##token,
#define KEY(section, name, type, min, max, meaning, ...)
#include "cli/config/config.def"
#undef SECTION
#undef KEY
    CONFIG_SECTION_COUNT
};

enum config_key {
#define SECTION(token, path, meaning)
#define KEY(section, name, type, min, max, meaning, ...) KEY_##section##_##name,
#include "cli/config/config.def"
#undef SECTION
#undef KEY
    CONFIG_KEY_COUNT
};

enum key_type {
    KEY_SIZE,
    KEY_MEMORY,
    KEY_COUNT,
    KEY_BOOL,
    KEY_HEX,
    KEY_PATHS,
    KEY_ENVS,
    KEY_NAMES,
    KEY_MOUNTS
};

struct config_place {
    unsigned line, column; /* from 1; 0: not in the file, a default */
};

struct config_text {
    enum config_string_kind kind;
    char *text; /* owned */
};

/* A union is followed by its two layers, which carry the CONFIG_MOUNT_LAYER_* flags. */
struct config_fs {
    enum config_mount_kind kind;
    uint32_t flags;              /* CONFIG_MOUNT_* of abi/image/config.h */
    char *target, *source, *mac; /* owned, never NULL */
    uint64_t size;
    struct config_place place;
};

struct config {
    uint64_t number[CONFIG_KEY_COUNT]; /* bytes, counts, 0 or 1; 0 for lists */
    bool given[CONFIG_KEY_COUNT];      /* the file has the key               */
    struct config_place place[CONFIG_KEY_COUNT];
    struct config_text *texts;
    size_t text_count;
    struct config_fs *mounts;
    size_t mount_count;
};

/* Parses `size` bytes of JSON. `name` is what messages call the file; they go to `out`, one line
 * each. EINVAL after a message; ENOMEM. Gives *config; config_free releases it. */
err config_parse(struct config **config, const char *text, size_t size, const char *name,
                 FILE *out);
void config_free(struct config *config);

/* Says, one line each, which values of the file this version does not act on and what happens
 * instead. */
void config_notes(const struct config *config, const char *name, FILE *out);

static inline void config_free_p(struct config **config) {
    config_free(*config);
}

#endif
