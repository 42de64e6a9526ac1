/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The list of mounts, with the rules of the original:
 *
 *   {"target": "/", "type": "unionfs", "options": {"layers": [
 *       {"target": "/", "type": "sefs", "source": …, "options": {"MAC": ""}},   the image
 *       {"target": "/", "type": "sefs", "source": …}]}},                        the writable layer
 *   {"target": "/host", "type": "hostfs", "source": "."}
 *
 * There must be a "/". /proc and /dev are added when the file does not name them.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/config/reader.h"
#include "cli/config/size.h"

#define SEFS_CACHE_MIN (192ull << 10)
#define EXT2_DISK_MIN  (5ull << 30)
#define PAGE           4096u

static const struct {
    const char *name;
    enum config_mount_kind kind;
} fs_types[] = {{"unionfs", CONFIG_MOUNT_UNION}, {"sefs", CONFIG_MOUNT_SEFS},
                {"hostfs", CONFIG_MOUNT_HOST},   {"ramfs", CONFIG_MOUNT_RAM},
                {"ext2", CONFIG_MOUNT_EXT2},     {"procfs", CONFIG_MOUNT_PROC},
                {"devfs", CONFIG_MOUNT_DEV}};

enum entry_key {
    ENTRY_TARGET,
    ENTRY_TYPE,
    ENTRY_SOURCE,
    ENTRY_OPTIONS,
    ENTRY_OPTION, /* from here on: members of "options" */
    ENTRY_MAC = ENTRY_OPTION,
    ENTRY_LAYERS,
    ENTRY_TEMPORARY,
    ENTRY_CACHE_SIZE,
    ENTRY_DISK_SIZE,
    ENTRY_INTEGRITY_ONLY, /* what older files say beside a MAC, which implies it */
    ENTRY_KEY_COUNT
};

static const char *const entry_keys[ENTRY_KEY_COUNT] = {
    "target", "type",      "source",     "options",   "MAC",
    "layers", "temporary", "cache_size", "disk_size", "integrity_only"};

const char *fs_type_name(enum config_mount_kind kind) {
    for (size_t i = 0; i < COUNT_OF(fs_types); i++) {
        if (fs_types[i].kind == kind)
            return fs_types[i].name;
    }
    return "?";
}

/* One mount while it is read. */
struct entry {
    struct item self;
    struct item given[ENTRY_KEY_COUNT]; /* value NULL: not given */
    struct config_fs fs; /* its strings are owned by the entry until it is appended */
};

static void entry_free_p(struct entry *e) {
    free(e->fs.target);
    free(e->fs.source);
    free(e->fs.mac);
}

/* Takes the members of `object`, whose names are entry_keys[from] up to entry_keys[to - 1];
 * complains about others. */
static void entry_fill(struct reader *r, struct entry *e, struct item object, unsigned from,
                       unsigned to) {
    const char *where = from == 0 ? "a mount" : "the options of a mount";

    for (struct members m = members_of(object); members_next(r, &m);) {
        struct nearest search = {.word = m.name};
        unsigned key = from;

        while (key < to && strcmp(entry_keys[key], m.name) != 0)
            nearest_offer(&search, entry_keys[key++]);
        if (key < to)
            e->given[key] = m.item;
        else if (search.best != NULL)
            fault_at(r, m.place, "unknown key \"%s\" in %s; did you mean \"%s\"?", m.name, where,
                     search.best);
        else
            fault_at(r, m.place, "unknown key \"%s\" in %s", m.name, where);
    }
}

static bool entry_open(struct reader *r, struct entry *e, struct item item) {
    e->self = item;
    if (!item_is(r, item, JSON_OBJECT, "a mount", "an object"))
        return false;
    entry_fill(r, e, item, 0, ENTRY_OPTION);
    if (e->given[ENTRY_OPTIONS].value == NULL)
        return true;
    if (!item_is(r, e->given[ENTRY_OPTIONS], JSON_OBJECT, "options", "an object"))
        return false;
    entry_fill(r, e, e->given[ENTRY_OPTIONS], ENTRY_OPTION, ENTRY_KEY_COUNT);
    return true;
}

/* The text of a string member, "" if it is not given; complains if it is no string. */
static bool entry_text(struct reader *r, struct item item, const char *what, char **out) {
    const char *text = "";

    if (item.value != NULL) {
        if (!item_is(r, item, JSON_STRING, what, "a string"))
            return false;
        text = json_string_value(item.value);
    }
    *out = strdup(text);
    if (*out == NULL)
        fault_at(r, place_of_value(r->map, item.node), "out of memory");
    return *out != NULL;
}

static bool entry_kind(struct reader *r, struct entry *e) {
    struct nearest search;

    if (e->given[ENTRY_TYPE].value == NULL) {
        fault_at(r, place_of_value(r->map, e->self.node), "this mount has no \"type\"");
        return false;
    }
    if (!item_is(r, e->given[ENTRY_TYPE], JSON_STRING, "type", "a string"))
        return false;
    search = (struct nearest){.word = json_string_value(e->given[ENTRY_TYPE].value)};
    for (size_t i = 0; i < COUNT_OF(fs_types); i++) {
        nearest_offer(&search, fs_types[i].name);
        if (strcmp(search.word, fs_types[i].name) == 0) {
            e->fs.kind = fs_types[i].kind;
            return true;
        }
    }
    if (search.best != NULL)
        fault_at(r, place_of_value(r->map, e->given[ENTRY_TYPE].node),
                 "unknown file system \"%s\"; did you mean \"%s\"?", search.word, search.best);
    else
        fault_at(r, place_of_value(r->map, e->given[ENTRY_TYPE].node),
                 "unknown file system \"%s\"; there are unionfs, sefs, hostfs, ramfs, ext2, procfs "
                 "and devfs",
                 search.word);
    return false;
}

static bool entry_target(struct reader *r, struct entry *e) {
    if (e->given[ENTRY_TARGET].value == NULL) {
        fault_at(r, place_of_value(r->map, e->self.node), "this mount has no \"target\"");
        return false;
    }
    if (!entry_text(r, e->given[ENTRY_TARGET], "target", &e->fs.target))
        return false;
    if (path_is_plain(e->fs.target))
        return true;
    fault_at(r, place_of_value(r->map, e->given[ENTRY_TARGET].node),
             "target \"%s\" must be an absolute path without \"..\"", e->fs.target);
    return false;
}

static void entry_temporary(struct reader *r, struct entry *e) {
    json_t *value = e->given[ENTRY_TEMPORARY].value;

    if (value == NULL || json_is_false(value))
        return;
    if (!json_is_true(value)) {
        (void)item_is(r, e->given[ENTRY_TEMPORARY], JSON_TRUE, "temporary", "true or false");
        return;
    }
    e->fs.flags |= CONFIG_MOUNT_TEMPORARY;
    if (e->given[ENTRY_MAC].value != NULL)
        fault_at(r, place_of_value(r->map, e->given[ENTRY_TEMPORARY].node),
                 "a mount with a MAC cannot be temporary");
}

/* cache_size or disk_size: at least `min` bytes, whole pages. */
static void entry_size(struct reader *r, struct entry *e, struct item item, const char *what,
                       uint64_t min) {
    uint64_t bytes = 0;
    char low[SIZE_TEXT];

    if (item.value == NULL || !item_is(r, item, JSON_STRING, what, "a size such as \"5GB\""))
        return;
    size_print(low, min);
    if (failed(size_parse(&bytes, json_string_value(item.value))))
        fault_at(r, place_of_value(r->map, item.node),
                 "%s: \"%s\" is no size; write an integer and B, KB, MB, GB or TB", what,
                 json_string_value(item.value));
    else if (bytes < min || bytes % PAGE != 0)
        fault_at(r, place_of_value(r->map, item.node),
                 "%s must be at least %s and a multiple of "
                 "4KB",
                 what, low);
    e->fs.size = bytes;
}

/* An option that this kind of file system does not have would be silently without effect. */
static void entry_foreign(struct reader *r, struct item item, const char *what, bool allowed) {
    if (item.value != NULL && !allowed)
        fault_at(r, place_of_value(r->map, item.node), "this file system has no option \"%s\"",
                 what);
}

static bool entry_options(struct reader *r, struct entry *e) {
    enum config_mount_kind kind = e->fs.kind;

    entry_foreign(r, e->given[ENTRY_MAC], "MAC", kind == CONFIG_MOUNT_SEFS);
    entry_foreign(r, e->given[ENTRY_LAYERS], "layers", kind == CONFIG_MOUNT_UNION);
    entry_foreign(r, e->given[ENTRY_TEMPORARY], "temporary", kind == CONFIG_MOUNT_SEFS);
    entry_foreign(r, e->given[ENTRY_CACHE_SIZE], "cache_size", kind == CONFIG_MOUNT_SEFS);
    entry_foreign(r, e->given[ENTRY_DISK_SIZE], "disk_size", kind == CONFIG_MOUNT_EXT2);
    entry_temporary(r, e);
    entry_size(r, e, e->given[ENTRY_CACHE_SIZE], "cache_size", SEFS_CACHE_MIN);
    entry_size(r, e, e->given[ENTRY_DISK_SIZE], "disk_size", EXT2_DISK_MIN);
    if (e->given[ENTRY_MAC].value != NULL)
        e->fs.flags |= CONFIG_MOUNT_HAS_MAC;
    return entry_text(r, e->given[ENTRY_MAC], "MAC", &e->fs.mac);
}

/* What a kind of file system cannot do without. */
static void entry_needs(struct reader *r, struct entry *e) {
    struct config_place place = place_of_value(r->map, e->self.node);

    if (e->fs.kind == CONFIG_MOUNT_HOST && *e->fs.source == '\0')
        fault_at(r, place, "hostfs needs a \"source\": the directory of the host");
    if (e->fs.kind == CONFIG_MOUNT_EXT2 && e->given[ENTRY_DISK_SIZE].value == NULL)
        fault_at(r, place, "ext2 needs the option \"disk_size\"");
    if (e->fs.kind == CONFIG_MOUNT_UNION && e->given[ENTRY_LAYERS].value == NULL)
        fault_at(r, place, "unionfs needs the option \"layers\"");
}

static err entry_append(struct reader *r, struct entry *e) {
    struct config *c = r->config;
    struct config_fs *mounts = reallocarray(c->mounts, c->mount_count + 1, sizeof(*mounts));

    if (mounts == NULL)
        return ERR(ENOMEM);
    c->mounts = mounts;
    e->fs.place = place_of_value(r->map, e->self.node);
    c->mounts[c->mount_count++] = e->fs;
    e->fs = (struct config_fs){0}; /* taken over */
    return OK;
}

/* Reads what all mounts have in common. False after a complaint. */
static bool entry_read(struct reader *r, struct entry *e, struct item item) {
    unsigned before = r->fault_count;

    if (!entry_open(r, e, item) || !entry_kind(r, e) || !entry_target(r, e) ||
        !entry_text(r, e->given[ENTRY_SOURCE], "source", &e->fs.source) || !entry_options(r, e))
        return false;
    entry_needs(r, e);
    return r->fault_count == before;
}

static bool target_repeats(const struct config *c, const char *target) {
    for (size_t i = 0; i < c->mount_count; i++) {
        uint32_t layer = CONFIG_MOUNT_LAYER_IMAGE | CONFIG_MOUNT_LAYER_RW;

        if ((c->mounts[i].flags & layer) == 0 && strcmp(c->mounts[i].target, target) == 0)
            return true;
    }
    return false;
}

static err layer_read(struct reader *r, struct item item, uint32_t flag, const char *target) {
    OWNED(entry_free_p) struct entry e = {0};

    if (!entry_read(r, &e, item))
        return OK;
    if (e.fs.kind != CONFIG_MOUNT_SEFS)
        fault_at(r, place_of_value(r->map, e.given[ENTRY_TYPE].node),
                 "a layer of a unionfs must be sefs");
    if (strcmp(e.fs.target, target) != 0)
        fault_at(r, place_of_value(r->map, e.given[ENTRY_TARGET].node),
                 "a layer has the target of its unionfs, \"%s\"", target);
    e.fs.flags |= flag;
    return entry_append(r, &e);
}

static err layers_read(struct reader *r, struct item layers, const char *target) {
    if (!item_is(r, layers, JSON_ARRAY, "layers", "a list of two sefs mounts"))
        return OK;
    if (json_array_size(layers.value) != 2) {
        fault_at(r, place_of_value(r->map, layers.node),
                 "a unionfs has two layers, the image and the writable one, not %zu",
                 json_array_size(layers.value));
        return OK;
    }
    TRY(layer_read(r, item_element(r, layers, 0), CONFIG_MOUNT_LAYER_IMAGE, target));
    return layer_read(r, item_element(r, layers, 1), CONFIG_MOUNT_LAYER_RW, target);
}

static err mount_read(struct reader *r, struct item item) {
    OWNED(entry_free_p) struct entry e = {0};

    if (!entry_read(r, &e, item))
        return OK;
    if (target_repeats(r->config, e.fs.target)) {
        fault_at(r, place_of_value(r->map, e.given[ENTRY_TARGET].node), "\"%s\" is mounted twice",
                 e.fs.target);
        return OK;
    }
    TRY(entry_append(r, &e));
    if (e.given[ENTRY_LAYERS].value == NULL)
        return OK;
    return layers_read(r, e.given[ENTRY_LAYERS], json_string_value(e.given[ENTRY_TARGET].value));
}

static err implied_append(struct reader *r, enum config_mount_kind kind, const char *target) {
    OWNED(entry_free_p) struct entry e = {.fs.kind = kind};

    if (target_repeats(r->config, target))
        return OK;
    e.fs.target = strdup(target);
    e.fs.source = strdup("");
    e.fs.mac = strdup("");
    if (e.fs.target == NULL || e.fs.source == NULL || e.fs.mac == NULL)
        return ERR(ENOMEM);
    return entry_append(r, &e);
}

err mounts_read(struct reader *r, struct item list) {
    unsigned before = r->fault_count;

    for (size_t i = 0; i < json_array_size(list.value); i++)
        TRY(mount_read(r, item_element(r, list, i)));
    if (r->fault_count == before && !target_repeats(r->config, "/"))
        fault_at(r, place_of_value(r->map, list.node), "mount has no entry for \"/\"");
    TRY(implied_append(r, CONFIG_MOUNT_PROC, "/proc"));
    return implied_append(r, CONFIG_MOUNT_DEV, "/dev");
}
