/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Honesty about what is not there yet: a mount or a feature that is accepted but not acted on gets
 * one line. What the enclave mounts is in enclave/fs/start.c; a line leaves this file when the
 * feature comes.
 */
#include <stdarg.h>
#include <string.h>

#include "cli/config/reader.h"

static const struct {
    enum config_key key;
    const char *text;
} key_notes[] = {
    {KEY_feature_amx, "feature.amx is not served in this version: programs see no AMX"},
    {KEY_feature_pkru, "feature.pkru is not served in this version: programs see no PKU"},
    {KEY_metadata_enable_kss, "metadata.enable_kss is not served in this version: reports carry no "
                              "config id"},
};

/* Where a note goes. */
struct notes {
    FILE *out;
    const char *name; /* of the file */
};

static void note(const struct notes *n, struct config_place place, const char *fmt, ...)
    PRINTF(3, 4);

static void note(const struct notes *n, struct config_place place, const char *fmt, ...) {
    va_list ap;

    fputs(n->name, n->out);
    if (place.line != 0)
        fprintf(n->out, ":%u:%u", place.line, place.column);
    fputs(": warning: ", n->out);
    va_start(ap, fmt);
    vfprintf(n->out, fmt, ap);
    va_end(ap);
    fputc('\n', n->out);
}

/* Is this what the enclave mounts there anyway? */
static bool is_served(const struct config_fs *fs) {
    static const struct {
        enum config_mount_kind kind;
        const char *target;
    } served[] = {{CONFIG_MOUNT_UNION, "/"},    {CONFIG_MOUNT_SEFS, "/"},
                  {CONFIG_MOUNT_PROC, "/proc"}, {CONFIG_MOUNT_DEV, "/dev"},
                  {CONFIG_MOUNT_RAM, "/tmp"},   {CONFIG_MOUNT_RAM, "/dev/shm"}};

    for (size_t i = 0; i < COUNT_OF(served); i++) {
        if (served[i].kind == fs->kind && strcmp(served[i].target, fs->target) == 0)
            return true;
    }
    return false;
}

static void mount_note(const struct notes *n, const struct config_fs *fs) {
    bool is_root = strcmp(fs->target, "/") == 0;

    if ((fs->flags & CONFIG_MOUNT_LAYER_IMAGE) != 0)
        return;
    if ((fs->flags & CONFIG_MOUNT_LAYER_RW) != 0) {
        if (is_root)
            note(n, fs->place,
                 "the writable layer is not served in this version: \"/\" is read-only, and what "
                 "programs write to /tmp and /dev/shm is gone after the run");
    } else if (is_root && !is_served(fs)) {
        note(n, fs->place, "%s is not served in this version: \"/\" is the image",
             fs_type_name(fs->kind));
    } else if (!is_served(fs)) {
        note(n, fs->place,
             "%s is not served in this version: programs see what the image has at %s",
             fs_type_name(fs->kind), fs->target);
    }
}

void config_notes(const struct config *config, const char *name, FILE *out) {
    struct notes n = {out, name};

    for (size_t i = 0; i < config->mount_count; i++)
        mount_note(&n, &config->mounts[i]);
    for (size_t i = 0; i < COUNT_OF(key_notes); i++) {
        if (config->number[key_notes[i].key] != 0)
            note(&n, config->place[key_notes[i].key], "%s", key_notes[i].text);
    }
}
