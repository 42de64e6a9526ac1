/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where each value of a JSON text stands. The JSON library gives positions for syntax errors only,
 * so this map is made from the same text once that is known to be valid, and walked beside the
 * parsed tree: both keep the order of the file, so the n-th member there is the n-th child here.
 */
#ifndef CLI_CONFIG_PLACE_H
#define CLI_CONFIG_PLACE_H

#include "cli/config/config.h"

struct place_map;
typedef struct {
    uint32_t index;
} place_node;

#define PLACE_ROOT ((place_node){1})
/* What has no place in the text: a default, or the child of such. */
#define PLACE_NONE ((place_node){0})

/* `text` must be valid JSON and outlive the map. ENOMEM. */
err place_map_new(struct place_map **map, const char *text, size_t size);
void place_map_free(struct place_map *map);

/* PLACE_NONE if there is no such child. */
place_node place_child(const struct place_map *map, place_node parent, size_t ordinal);
struct config_place place_of_value(const struct place_map *map, place_node node);
/* Of the member's name; the value's place for a list element. */
struct config_place place_of_key(const struct place_map *map, place_node node);
/* Of a byte of the text. */
struct config_place place_of_offset(const char *text, size_t offset);

static inline void place_map_free_p(struct place_map **map) {
    place_map_free(*map);
}

#endif
