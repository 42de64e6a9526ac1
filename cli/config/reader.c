/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every message has the same head, so that editors can jump to the place.
 */
#include "cli/config/reader.h"

#include <stdarg.h>
#include <string.h>

void fault_at(struct reader *r, struct config_place place, const char *fmt, ...) {
    va_list ap;

    fprintf(r->out, "%s:%u:%u: ", r->name, place.line, place.column);
    va_start(ap, fmt);
    vfprintf(r->out, fmt, ap);
    va_end(ap);
    fputc('\n', r->out);
    r->faults++;
}

static const char *type_name(json_type type) {
    switch (type) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

bool item_is(struct reader *r, struct item item, json_type type, const char *what,
             const char *wanted) {
    json_type found = json_typeof(item.value);

    if (found == type)
        return true;
    fault_at(r, place_of_value(r->map, item.node), "%s must be %s, not %s", what, wanted,
             type_name(found));
    return false;
}

struct item item_element(const struct reader *r, struct item list, size_t ordinal) {
    return (struct item){json_array_get(list.value, ordinal),
                         place_child(r->map, list.node, ordinal)};
}

struct members members_of(struct item object) {
    return (struct members){.object = object};
}

bool members_next(const struct reader *r, struct members *m) {
    if (m->iter == NULL) {
        m->iter = json_object_iter(m->object.value);
    } else {
        m->iter = json_object_iter_next(m->object.value, m->iter);
        m->ordinal++;
    }
    if (m->iter == NULL)
        return false;
    m->name = json_object_iter_key(m->iter);
    m->item.value = json_object_iter_value(m->iter);
    m->item.node = place_child(r->map, m->object.node, m->ordinal);
    m->place = place_of_key(r->map, m->item.node);
    return true;
}

bool path_is_plain(const char *path) {
    if (path[0] != '/')
        return false;
    for (const char *p = path; p != NULL; p = strchr(p, '/')) {
        p += strspn(p, "/");
        if (strcspn(p, "/") == 2 && strncmp(p, "..", 2) == 0)
            return false;
    }
    return true;
}
