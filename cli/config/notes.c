/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Honesty about what is not there yet: a value that is accepted but not acted on gets one line. A
 * line leaves this file when the feature comes.
 */
#include "cli/config/config.h"

static const struct {
    enum config_mount_kind kind;
    uint32_t flag; /* 0, or one the mount must have */
    const char *text;
} mount_notes[] = {
    {CONFIG_MOUNT_HOST, 0, "hostfs is not served in this version: the directory is not there"},
    {CONFIG_MOUNT_EXT2, 0, "ext2 is not served in this version: the directory is not there"},
    {CONFIG_MOUNT_SEFS, CONFIG_MOUNT_LAYER_RW,
     "the writable layer is not kept in this version: nothing that a program writes there "
     "survives the run"},
};

static const struct {
    enum config_key key;
    const char *text;
} key_notes[] = {
    {KEY_feature_amx, "feature.amx is not served in this version: programs see no AMX"},
    {KEY_feature_pkru, "feature.pkru is not served in this version: programs see no PKU"},
    {KEY_metadata_enable_kss, "metadata.enable_kss is not served in this version"},
};

static void note(FILE *out, const char *name, struct config_place place, const char *text) {
    if (place.line != 0)
        fprintf(out, "%s:%u:%u: warning: %s\n", name, place.line, place.column, text);
    else
        fprintf(out, "%s: warning: %s\n", name, text);
}

static void mount_note(const struct config_fs *fs, const char *name, FILE *out) {
    for (size_t i = 0; i < COUNT_OF(mount_notes); i++) {
        if (mount_notes[i].kind == fs->kind &&
            (fs->flags & mount_notes[i].flag) == mount_notes[i].flag)
            note(out, name, fs->place, mount_notes[i].text);
    }
}

void config_notes(const struct config *config, const char *name, FILE *out) {
    for (size_t i = 0; i < config->mount_count; i++)
        mount_note(&config->mounts[i], name, out);
    for (size_t i = 0; i < COUNT_OF(key_notes); i++) {
        if (config->number[key_notes[i].key] != 0)
            note(out, name, config->place[key_notes[i].key], key_notes[i].text);
    }
}
