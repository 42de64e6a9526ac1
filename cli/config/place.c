/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One pass over the text makes a node for each value, in file order:
 *
 *   {"a": [1, 2]}   node 1 = the object, node 2 = the list (key "a"), nodes 3 and 4 its elements
 *
 * Only strings need care, since they may hold brackets; everything else is told by one character.
 * Node 0 stands for "nowhere".
 */
#include "cli/config/place.h"

#include <stdlib.h>

struct node {
    uint32_t parent, first, last, next; /* 0: none */
    size_t key, value;                  /* offsets; equal for list elements */
};

struct place_map {
    const char *text;
    size_t count, room;
    struct node *nodes; /* owned */
};

/* The scanner: `open` is the innermost object or list. */
struct scan {
    struct place_map *map;
    const char *text;
    size_t size, at;
    uint32_t open;
    size_t key; /* offset of the member's name that waits for its value, SIZE_MAX: none */
};

static err node_add(struct scan *s, uint32_t *out) {
    struct place_map *m = s->map;
    uint32_t index = (uint32_t)m->count;

    if (m->count == m->room) {
        size_t room = m->room * 2 + 64;
        struct node *nodes = reallocarray(m->nodes, room, sizeof(*nodes));

        if (nodes == NULL || room > UINT32_MAX)
            return ERR(ENOMEM);
        m->nodes = nodes;
        m->room = room;
    }
    m->nodes[index] = (struct node){
        .parent = s->open, .key = s->key == SIZE_MAX ? s->at : s->key, .value = s->at};
    m->count++;
    s->key = SIZE_MAX;

    struct node *parent = &m->nodes[s->open];
    if (parent->last != 0)
        m->nodes[parent->last].next = index;
    else
        parent->first = index;
    parent->last = index;
    *out = index;
    return OK;
}

/* Offset of the closing quote of the string that opens at `at`. */
static size_t string_end(const struct scan *s, size_t at) {
    size_t i = at + 1;

    while (i < s->size && s->text[i] != '"')
        i += s->text[i] == '\\' ? 2 : 1;
    return i;
}

/* Does a number or word end at `c`? */
static bool ends_word(char c) {
    return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Is the string at `at` a member's name? Then a colon follows. */
static bool is_key(const struct scan *s, size_t end) {
    size_t i = end + 1;

    while (i < s->size &&
           (s->text[i] == ' ' || s->text[i] == '\t' || s->text[i] == '\r' || s->text[i] == '\n'))
        i++;
    return i < s->size && s->text[i] == ':';
}

static err scan_string(struct scan *s) {
    size_t end = string_end(s, s->at);
    uint32_t node;

    if (is_key(s, end))
        s->key = s->at;
    else
        TRY(node_add(s, &node));
    s->at = end + 1;
    return OK;
}

static err scan_plain(struct scan *s) {
    uint32_t node;

    TRY(node_add(s, &node));
    do {
        s->at++;
    } while (s->at < s->size && !ends_word(s->text[s->at]));
    return OK;
}

static err scan_step(struct scan *s) {
    switch (s->text[s->at]) {
    case '{':
    case '[':
        TRY(node_add(s, &s->open));
        s->at++;
        return OK;
    case '}':
    case ']':
        s->open = s->map->nodes[s->open].parent;
        s->at++;
        return OK;
    case '"':
        return scan_string(s);
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case ',':
    case ':':
        s->at++;
        return OK;
    default:
        return scan_plain(s);
    }
}

err place_map_new(struct place_map **map, const char *text, size_t size) {
    OWNED(place_map_free_p) struct place_map *m = calloc(1, sizeof(*m));

    if (m == NULL || (m->nodes = calloc(64, sizeof(*m->nodes))) == NULL)
        return ERR(ENOMEM);
    m->text = text;
    m->room = 64;
    m->count = 1;

    struct scan s = {.map = m, .text = text, .size = size, .key = SIZE_MAX};
    while (s.at < s.size)
        TRY(scan_step(&s));
    *map = GIVE(m);
    return OK;
}

void place_map_free(struct place_map *map) {
    if (map == NULL)
        return;
    free(map->nodes);
    free(map);
}

place_node place_child(const struct place_map *map, place_node parent, size_t ordinal) {
    if (parent.index == 0 || parent.index >= map->count)
        return PLACE_NONE;
    uint32_t child = map->nodes[parent.index].first;

    while (child != 0 && ordinal-- > 0)
        child = map->nodes[child].next;
    return (place_node){child};
}

struct config_place place_of_offset(const char *text, size_t offset) {
    struct config_place place = {1, 1};

    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)text[i] & 0xc0) != 0x80) { /* not the rest of a character */
            place.column++;
        }
    }
    return place;
}

struct config_place place_of_value(const struct place_map *map, place_node node) {
    if (node.index == 0 || node.index >= map->count)
        return (struct config_place){0, 0};
    return place_of_offset(map->text, map->nodes[node.index].value);
}

struct config_place place_of_key(const struct place_map *map, place_node node) {
    if (node.index == 0 || node.index >= map->count)
        return (struct config_place){0, 0};
    return place_of_offset(map->text, map->nodes[node.index].key);
}
