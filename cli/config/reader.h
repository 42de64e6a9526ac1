/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Walking the parsed JSON and its places together, and complaining with the place. Private to
 * cli/config.
 */
#ifndef CLI_CONFIG_READER_H
#define CLI_CONFIG_READER_H

#include <jansson.h>

#include "cli/config/place.h"
#include "cli/nearest.h"

/* A message that waits until all are known, to be printed in the order of the file. */
struct fault {
    struct config_place place;
    char *text; /* owned; NULL if memory was short */
};

struct reader {
    struct config *config; /* being filled, borrowed */
    struct place_map *map; /* borrowed; NULL while defaults are read */
    const char *name;      /* of the file */
    FILE *out;
    struct fault *faults; /* owned */
    unsigned fault_count;
};

/* A value and where it stands. */
struct item {
    json_t *value; /* borrowed */
    place_node node;
};

/* Notes one fault. */
void fault_at(struct reader *r, struct config_place place, const char *fmt, ...) PRINTF(3, 4);
/* Prints all faults, a line "Occlum.json:12:9: …" each, and forgets them. */
void faults_print(struct reader *r);

/* Complains unless the value has JSON type `type`; `what` names it, `wanted` says what it should
 * be ("a list of paths"). */
bool item_is(struct reader *r, struct item item, json_type type, const char *what,
             const char *wanted);
struct item item_element(const struct reader *r, struct item list, size_t ordinal);

/* for (struct members m = members_of(object); members_next(r, &m);) … m.name, m.item */
struct members {
    struct item object;
    void *iter;
    size_t ordinal;
    const char *name;
    struct item item;
    struct config_place place; /* of the name */
};
struct members members_of(struct item object);
bool members_next(const struct reader *r, struct members *m);

/* The value types with rules of their own: they check, complain, and append to r->config. */
err texts_read(struct reader *r, struct item list, enum config_string_kind kind, const char *what);
err mounts_read(struct reader *r, struct item list);
/* "hostfs"; static. */
const char *fs_type_name(enum config_mount_kind kind);
/* The rules that need more than one key. */
void rules_check(struct reader *r);

/* Is the path absolute and free of ".." components? */
bool path_is_plain(const char *path);

#endif
