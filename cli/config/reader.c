/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every message has the same head, so that editors can jump to the place.
 */
#include "cli/config/reader.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FAULTS_SHOWN 20u

void fault_at(struct reader *r, struct config_place place, const char *fmt, ...) {
    struct fault *faults = reallocarray(r->faults, r->fault_count + 1, sizeof(*faults));
    char *text = NULL;
    va_list ap;

    if (faults == NULL)
        abort(); /* a fault must not be lost: the file would pass as good */
    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0)
        text = NULL;
    va_end(ap);
    r->faults = faults;
    r->faults[r->fault_count++] = (struct fault){place, text};
}

/* Is `a` to be printed behind `b`? */
static bool fault_after(const struct fault *a, const struct fault *b) {
    if (a->place.line != b->place.line)
        return a->place.line > b->place.line;
    return a->place.column > b->place.column;
}

/* By insertion: the list is short and nearly sorted. */
static void faults_sort(struct reader *r) {
    for (unsigned i = 1; i < r->fault_count; i++) {
        struct fault fault = r->faults[i];
        unsigned at = i;

        for (; at > 0 && fault_after(&r->faults[at - 1], &fault); at--)
            r->faults[at] = r->faults[at - 1];
        r->faults[at] = fault;
    }
}

void faults_print(struct reader *r) {
    faults_sort(r);
    for (unsigned i = 0; i < r->fault_count; i++) {
        struct fault *fault = &r->faults[i];

        if (i < FAULTS_SHOWN)
            fprintf(r->out, "%s:%u:%u: %s\n", r->name, fault->place.line, fault->place.column,
                    fault->text != NULL ? fault->text : "out of memory");
        free(fault->text);
    }
    if (r->fault_count > FAULTS_SHOWN)
        fprintf(r->out, "%s: and %u more\n", r->name, r->fault_count - FAULTS_SHOWN);
    free(r->faults);
    r->faults = NULL;
    r->fault_count = 0;
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
