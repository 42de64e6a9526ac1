/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The lists of strings: entry points, environment defaults, names of untrusted variables. A rule
 * says what is wrong with one string, or NULL.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/config/reader.h"

#define QUOTED_MAX 60 /* of a string in a message */

static const char *entry_point_fault(const char *text) {
    if (text[0] != '/')
        return "must be an absolute path";
    return path_is_plain(text) ? NULL : "must not contain a \"..\" component";
}

static const char *env_fault(const char *text) {
    const char *equals = strchr(text, '=');

    return equals == NULL || equals == text ? "must have the form NAME=value" : NULL;
}

static const char *name_fault(const char *text) {
    return *text == '\0' || strchr(text, '=') != NULL ? "must be the name of a variable" : NULL;
}

static const char *text_fault(enum config_string_kind kind, const char *text) {
    switch (kind) {
    case CONFIG_ENTRY_POINT:
        return entry_point_fault(text);
    case CONFIG_ENV_DEFAULT:
        return env_fault(text);
    case CONFIG_ENV_UNTRUSTED:
        return name_fault(text);
    }
    return NULL;
}

/* How much of two strings must agree for them to mean the same: a variable's name, else all. */
static bool same_text(enum config_string_kind kind, const char *a, const char *b) {
    size_t n = kind == CONFIG_ENV_DEFAULT ? strcspn(a, "=") + 1 : strlen(a) + 1;

    return strncmp(a, b, n) == 0;
}

static bool text_repeats(const struct config *c, enum config_string_kind kind, const char *text) {
    for (size_t i = 0; i < c->text_count; i++) {
        if (c->texts[i].kind == kind && same_text(kind, text, c->texts[i].text))
            return true;
    }
    return false;
}

static err text_append(struct config *c, enum config_string_kind kind, const char *text) {
    struct config_text *texts = reallocarray(c->texts, c->text_count + 1, sizeof(*texts));

    if (texts == NULL)
        return ERR(ENOMEM);
    c->texts = texts;
    char *copy = strdup(text);
    if (copy == NULL)
        return ERR(ENOMEM);
    c->texts[c->text_count++] = (struct config_text){kind, copy};
    return OK;
}

err texts_read(struct reader *r, struct item list, enum config_string_kind kind, const char *what) {
    for (size_t i = 0; i < json_array_size(list.value); i++) {
        struct item item = item_element(r, list, i);

        if (!item_is(r, item, JSON_STRING, what, "a list of strings"))
            continue;
        const char *text = json_string_value(item.value);
        const char *wrong = text_fault(kind, text);
        if (wrong == NULL && text_repeats(r->config, kind, text))
            wrong = "is given twice";
        if (wrong != NULL) {
            fault_at(r, place_of_value(r->map, item.node), "\"%.*s\"%s in %s %s", QUOTED_MAX, text,
                     strlen(text) > QUOTED_MAX ? "..." : "", what, wrong);
            continue;
        }
        TRY(text_append(r->config, kind, text));
    }
    return OK;
}
