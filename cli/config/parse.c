/* SPDX-License-Identifier: BSD-3-Clause
 *
 * From JSON to struct config, driven by config.def:
 *
 *   text -> jansson (syntax, duplicate keys) -> place map -> each section of the table: its
 *   members are looked up among the table's keys -> defaults for keys not given -> rules
 *
 * Faults are collected, so that one look at the file mends all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/config/reader.h"
#include "cli/config/size.h"

#define KB (1ull << 10)
#define MB (1ull << 20)
#define GB (1ull << 30)
#define TB (1ull << 40)

#define WHAT_MAX 192
#define PAGE     4096u

struct key_row {
    enum config_section section;
    const char *name;
    enum key_type type;
    uint64_t min, max;
    const char *fallback; /* JSON */
};

static const struct key_row keys[CONFIG_KEY_COUNT] = {
#define SECTION(token, path, meaning)
#define KEY(section, name, type, min, max, meaning, ...)                                           \
    [KEY_##section##_##name] = {SECTION_##section, #name, KEY_##type, min, max, #__VA_ARGS__},
#include "cli/config/config.def"
#undef SECTION
#undef KEY
};

/* Dotted paths; the outermost object is "". A section stands behind the one it lies in. */
static const char *const sections[CONFIG_SECTION_COUNT] = {
#define SECTION(token, path, meaning) [SECTION_##token] = path,
#define KEY(section, name, type, min, max, meaning, ...)
#include "cli/config/config.def"
#undef SECTION
#undef KEY
};

/* "metadata.family_id" and "high" become "metadata.family_id.high". */
static void what_print(char what[WHAT_MAX], const char *section, const char *name) {
    snprintf(what, WHAT_MAX, "%s%s%s", section, *section == '\0' ? "" : ".", name);
}

/* --- one value --- */

/* Complains if the number of `key` is out of bounds; sizes are shown as sizes. */
static void number_set(struct reader *r, enum config_key key, struct item item, uint64_t number,
                       const char *what) {
    const struct key_row *row = &keys[key];
    bool is_size = row->type == KEY_SIZE || row->type == KEY_MEMORY;

    if (number < row->min || number > row->max) {
        char low[SIZE_TEXT], high[SIZE_TEXT];

        snprintf(low, sizeof(low), "%llu", (unsigned long long)row->min);
        snprintf(high, sizeof(high), "%llu", (unsigned long long)row->max);
        if (is_size) {
            size_print(low, row->min);
            size_print(high, row->max);
        }
        fault_at(r, place_of_value(r->map, item.node), "%s is out of range: from %s to %s", what,
                 low, high);
        return;
    }
    if (row->type == KEY_MEMORY && number % PAGE != 0) {
        fault_at(r, place_of_value(r->map, item.node), "%s must be a multiple of 4KB", what);
        return;
    }
    r->config->number[key] = number;
}

static void size_set(struct reader *r, enum config_key key, struct item item, const char *what) {
    uint64_t bytes = 0;

    if (!item_is(r, item, JSON_STRING, what, "a size such as \"32MB\""))
        return;
    const char *text = json_string_value(item.value);
    err e = size_parse(&bytes, text);
    if (e.no == ERANGE)
        fault_at(r, place_of_value(r->map, item.node), "%s: \"%s\" does not fit 64 bits", what,
                 text);
    else if (failed(e))
        fault_at(r, place_of_value(r->map, item.node),
                 "%s: \"%s\" is no size; write an integer and B, KB, MB, GB or TB", what, text);
    else
        number_set(r, key, item, bytes, what);
}

static void hex_set(struct reader *r, enum config_key key, struct item item, const char *what) {
    uint64_t value = 0;

    if (!item_is(r, item, JSON_STRING, what, "a hexadecimal number such as \"0x0\""))
        return;
    const char *text = json_string_value(item.value);
    err e = hex_parse(&value, text);
    if (e.no == ERANGE)
        fault_at(r, place_of_value(r->map, item.node), "%s: \"%s\" does not fit 64 bits", what,
                 text);
    else if (failed(e))
        fault_at(r, place_of_value(r->map, item.node),
                 "%s: \"%s\" is no hexadecimal number such as \"0x1f\"", what, text);
    else
        number_set(r, key, item, value, what);
}

static void count_set(struct reader *r, enum config_key key, struct item item, const char *what) {
    if (!item_is(r, item, JSON_INTEGER, what, "an integer"))
        return;
    json_int_t number = json_integer_value(item.value);
    /* A negative number is out of range for every key: as a huge one it says so. */
    number_set(r, key, item, number < 0 ? UINT64_MAX : (uint64_t)number, what);
}

static void bool_set(struct reader *r, enum config_key key, struct item item, const char *what) {
    if (json_is_true(item.value) || json_is_false(item.value))
        r->config->number[key] = json_is_true(item.value);
    else
        (void)item_is(r, item, JSON_TRUE, what, "true or false");
}

static err list_set(struct reader *r, enum config_key key, struct item item, const char *what) {
    const struct key_row *row = &keys[key];

    if (!item_is(r, item, JSON_ARRAY, what, "a list"))
        return OK;
    size_t n = json_array_size(item.value);
    if (n < row->min || n > row->max) {
        fault_at(r, place_of_value(r->map, item.node), "%s has %zu elements; allowed are %u to %u",
                 what, n, (unsigned)row->min, (unsigned)row->max);
        return OK;
    }
    if (row->type == KEY_MOUNTS)
        return mounts_read(r, item);
    if (row->type == KEY_PATHS)
        return texts_read(r, item, CONFIG_ENTRY_POINT, what);
    return texts_read(r, item, row->type == KEY_ENVS ? CONFIG_ENV_DEFAULT : CONFIG_ENV_UNTRUSTED,
                      what);
}

static err key_set(struct reader *r, enum config_key key, struct item item) {
    char what[WHAT_MAX];

    what_print(what, sections[keys[key].section], keys[key].name);
    switch (keys[key].type) {
    case KEY_SIZE:
    case KEY_MEMORY:
        size_set(r, key, item, what);
        return OK;
    case KEY_HEX:
        hex_set(r, key, item, what);
        return OK;
    case KEY_COUNT:
        count_set(r, key, item, what);
        return OK;
    case KEY_BOOL:
        bool_set(r, key, item, what);
        return OK;
    case KEY_PATHS:
    case KEY_ENVS:
    case KEY_NAMES:
    case KEY_MOUNTS:
        return list_set(r, key, item, what);
    }
    return OK;
}

/* --- sections --- */

static enum config_key key_find(enum config_section section, const char *name) {
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (keys[key].section == section && strcmp(keys[key].name, name) == 0)
            return (enum config_key)key;
    }
    return CONFIG_KEY_COUNT;
}

/* The name of `inner` if it lies directly in `outer`, else NULL. */
static const char *section_name_in(enum config_section inner, enum config_section outer) {
    size_t n = strlen(sections[outer]);
    const char *rest = sections[inner];

    if (strncmp(rest, sections[outer], n) != 0)
        return NULL;
    rest += n;
    if (n != 0 && *rest++ != '.')
        return NULL;
    return *rest == '\0' || strchr(rest, '.') != NULL ? NULL : rest;
}

static bool is_section(enum config_section outer, const char *name) {
    for (unsigned s = 0; s < CONFIG_SECTION_COUNT; s++) {
        const char *inner = section_name_in((enum config_section)s, outer);

        if (inner != NULL && strcmp(inner, name) == 0)
            return true;
    }
    return false;
}

static const char *name_suggest(enum config_section section, const char *word) {
    struct nearest search = {.word = word};

    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (keys[key].section == section)
            nearest_offer(&search, keys[key].name);
    }
    for (unsigned s = 0; s < CONFIG_SECTION_COUNT; s++) {
        const char *inner = section_name_in((enum config_section)s, section);

        if (inner != NULL)
            nearest_offer(&search, inner);
    }
    return search.best;
}

/* A key that is right in another section is the likelier slip. */
static const char *section_suggest(const char *word) {
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (strcmp(keys[key].name, word) == 0)
            return sections[keys[key].section];
    }
    return NULL;
}

static void unknown_key(struct reader *r, enum config_section section, const struct members *m) {
    const char *where = *sections[section] == '\0' ? "the file" : sections[section];
    const char *other = section_suggest(m->name);
    const char *near = name_suggest(section, m->name);

    if (other != NULL)
        fault_at(r, m->place, "unknown key \"%s\" in %s; it belongs into %s", m->name, where,
                 *other == '\0' ? "the outermost object" : other);
    else if (near != NULL)
        fault_at(r, m->place, "unknown key \"%s\" in %s; did you mean \"%s\"?", m->name, where,
                 near);
    else
        fault_at(r, m->place, "unknown key \"%s\" in %s", m->name, where);
}

/* The object of a section, found from the root along its path. False if the file lacks it. */
static bool section_item(const struct reader *r, enum config_section section, struct item root,
                         struct item *out) {
    struct item at = root;

    for (const char *path = sections[section]; *path != '\0';) {
        size_t n = strcspn(path, ".");
        struct members m = members_of(at);
        bool found = false;

        while (!found && members_next(r, &m))
            found = strlen(m.name) == n && memcmp(m.name, path, n) == 0;
        if (!found)
            return false;
        at = m.item;
        path += n + (path[n] == '.');
    }
    *out = at;
    return true;
}

static err section_read(struct reader *r, enum config_section section, struct item root) {
    const char *what = *sections[section] == '\0' ? "the file" : sections[section];
    struct item object;

    if (!section_item(r, section, root, &object) ||
        !item_is(r, object, JSON_OBJECT, what, "an object"))
        return OK;
    for (struct members m = members_of(object); members_next(r, &m);) {
        enum config_key key = key_find(section, m.name);

        if (key != CONFIG_KEY_COUNT) {
            r->config->given[key] = true;
            r->config->place[key] = m.place;
            TRY(key_set(r, key, m.item));
        } else if (!is_section(section, m.name)) {
            unknown_key(r, section, &m);
        }
    }
    return OK;
}

/* --- the whole --- */

static err defaults_read(struct reader *r) {
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (r->config->given[key])
            continue;
        json_t *value = json_loads(keys[key].fallback, JSON_DECODE_ANY, NULL);

        if (value == NULL)
            return ERR(ENOMEM);
        err e = json_is_null(value)
                    ? OK
                    : key_set(r, (enum config_key)key, (struct item){value, PLACE_NONE});
        json_decref(value);
        TRY(e);
    }
    return OK;
}

/* Where the token that ends before `end` starts: the library reports its end. */
static size_t token_start(const char *text, size_t end) {
    if (end == 0)
        return 0;
    size_t at = end - 1;

    if (text[at] != '"') {
        while (at > 0 && strchr("{}[]:,\" \t\r\n", text[at - 1]) == NULL)
            at--;
        return at;
    }
    while (at > 0 && (text[at - 1] != '"' || (at > 1 && text[at - 2] == '\\')))
        at--;
    return at > 0 ? at - 1 : 0;
}

static json_t *json_read(struct reader *r, const char *text, size_t size) {
    json_error_t error;
    const char *nul = memchr(text, '\0', size);

    if (nul != NULL) { /* the library lets some pass */
        fault_at(r, place_of_offset(text, (size_t)(nul - text)), "a NUL byte");
        return NULL;
    }
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        size_t end = error.position < 0 ? 0 : (size_t)error.position;
        size_t at = token_start(text, end < size ? end : size);

        fault_at(r, place_of_offset(text, at), "%s", error.text);
    }
    return root;
}

static void json_free_p(json_t **value) {
    json_decref(*value);
}

static err file_read_json(struct reader *r, const char *text, size_t size) {
    OWNED(json_free_p) json_t *root = json_read(r, text, size);
    OWNED(place_map_free_p) struct place_map *map = NULL;

    if (root == NULL)
        return ERR(EINVAL);
    TRY(place_map_new(&map, text, size));
    r->map = map;
    struct item top = {root, PLACE_ROOT};
    if (!item_is(r, top, JSON_OBJECT, "the file", "an object"))
        return ERR(EINVAL);
    for (unsigned s = 0; s < CONFIG_SECTION_COUNT; s++)
        TRY(section_read(r, (enum config_section)s, top));
    r->map = NULL;
    return defaults_read(r);
}

err config_parse(struct config **config, const char *text, size_t size, const char *name,
                 FILE *out) {
    OWNED(config_free_p) struct config *c = calloc(1, sizeof(*c));
    struct reader r = {.config = c, .name = name, .out = out};

    if (c == NULL)
        return ERR(ENOMEM);
    err e = file_read_json(&r, text, size);
    if (!failed(e) && r.fault_count == 0)
        rules_check(&r);
    if (r.fault_count != 0)
        e = ERR(EINVAL);
    faults_print(&r);
    TRY(e);
    *config = GIVE(c);
    return OK;
}

void config_free(struct config *config) {
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->text_count; i++)
        free(config->texts[i].text);
    for (size_t i = 0; i < config->mount_count; i++) {
        free(config->mounts[i].target);
        free(config->mounts[i].source);
        free(config->mounts[i].mac);
    }
    free(config->texts);
    free(config->mounts);
    free(config);
}
