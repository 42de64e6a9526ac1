/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Each round of the loop consumes at least one argument, so no input can make it spin.
 */
#include "cli/option.h"

#include <string.h>

#include "cli/nearest.h"
#include "cli/say.h"

static bool option_matches(const struct option *option, const char *arg) {
    size_t n = strlen(option->name);

    if (option->alias != NULL && strcmp(arg, option->alias) == 0)
        return true;
    return strncmp(arg, option->name, n) == 0 && (arg[n] == '\0' || arg[n] == '=');
}

static err option_unknown(const struct option *options, size_t count, const char *arg) {
    struct nearest search = {.word = arg};

    for (size_t i = 0; i < count; i++)
        nearest_offer(&search, options[i].name);
    if (search.best != NULL)
        return complain("Unknown option: %s; did you mean %s?", arg, search.best);
    return complain("Unknown option: %s", arg);
}

static err option_take(const struct option *option, char ***args) {
    const char *arg = *(*args)++;
    const char *equals = strchr(arg, '=');

    if (option->value == NULL) {
        if (equals != NULL)
            return complain("option %s takes no value", option->name);
        *option->flag = true;
        return OK;
    }
    if (equals != NULL) {
        *option->value = equals + 1;
        return OK;
    }
    if (**args == NULL)
        return complain("option %s needs a value", option->name);
    *option->value = *(*args)++;
    return OK;
}

static const struct option *option_find(const struct option *options, size_t count,
                                        const char *arg) {
    for (size_t i = 0; i < count; i++) {
        if (option_matches(&options[i], arg))
            return &options[i];
    }
    return NULL;
}

err options_parse(const struct option *options, size_t count, char ***args) {
    while (**args != NULL && (**args)[0] == '-') {
        if (strcmp(**args, "--") == 0) {
            (*args)++;
            return OK;
        }
        const struct option *option = option_find(options, count, **args);
        if (option == NULL)
            return option_unknown(options, count, **args);
        TRY(option_take(option, args));
    }
    return OK;
}
