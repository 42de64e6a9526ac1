/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A verb's name is written with '-' on the command line and '_' in the table.
 */
#include "cli/verb.h"

#include <string.h>

#include "cli/nearest.h"
#include "cli/say.h"

#define OPTION_WIDTH 26

static const struct {
    const char *verb, *option, *meaning;
} options[] = {
#define V(name, weight, args, summary)
#define O(verb, option, meaning) {#verb, option, meaning},
#include "cli/verbs.def"
#undef V
#undef O
};

static void name_print(char out[32], const struct verb *verb) {
    size_t i = 0;

    for (; verb->name[i] != '\0' && i < 31; i++)
        out[i] = verb->name[i] == '_' ? '-' : verb->name[i];
    out[i] = '\0';
}

const struct verb *verb_find(const char *name) {
    char shown[32];

    for (const struct verb *v = verbs; v->name != NULL; v++) {
        name_print(shown, v);
        if (strcmp(shown, name) == 0)
            return v;
    }
    return NULL;
}

void verb_usage(FILE *out) {
    char shown[32];

    fputs("usage: occlum <sub-command> [arguments]\n\n", out);
    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (v->weight == VERB_LATER)
            continue;
        name_print(shown, v);
        fprintf(out, "  occlum %s%s%s\n        %s\n", shown, *v->args == '\0' ? "" : " ", v->args,
                v->summary);
    }
    fputs("\n  occlum help <sub-command>, occlum --help, occlum --version\n", out);
}

void verb_help(const struct verb *verb, FILE *out) {
    char shown[32];

    name_print(shown, verb);
    fprintf(out, "usage: occlum %s%s%s\n\n%s\n", shown, *verb->args == '\0' ? "" : " ", verb->args,
            verb->summary);
    if (verb->weight == VERB_LATER)
        fputs("(not in this version yet)\n", out);
    for (size_t i = 0, shown_any = 0; i < COUNT_OF(options); i++) {
        if (strcmp(options[i].verb, verb->name) != 0)
            continue;
        fprintf(out, "%s  %-*s%s\n", shown_any++ == 0 ? "\n" : "", OPTION_WIDTH, options[i].option,
                options[i].meaning);
    }
}

static int verb_unknown(const char *name) {
    struct nearest search = {.word = name};

    for (const struct verb *v = verbs; v->name != NULL; v++) {
        if (v->weight != VERB_LATER)
            nearest_offer(&search, v->name);
    }
    fprintf(stderr, "Error: unknown sub-command %s\n", name);
    if (search.best != NULL)
        fprintf(stderr, "Did you mean \"%s\"?\n", search.best);
    fflush(stderr);
    fputc('\n', stdout);
    verb_usage(stdout);
    return 1;
}

static int help_main(const char *name) {
    if (name == NULL) {
        verb_usage(stdout);
        return 0;
    }
    const struct verb *verb = verb_find(name);
    if (verb == NULL)
        return verb_unknown(name);
    verb_help(verb, stdout);
    return 0;
}

static bool is_help(const char *arg) {
    return arg != NULL && (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0);
}

int verb_main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : NULL;

    if (name == NULL) {
        fputs("Error: no sub-command is given\n", stderr);
        fputc('\n', stdout);
        verb_usage(stdout);
        return 1;
    }
    if (is_help(name) || strcmp(name, "help") == 0)
        return help_main(argv[2]);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("occlum " OCCLUM_VERSION);
        return 0;
    }
    const struct verb *verb = verb_find(name);
    if (verb == NULL)
        return verb_unknown(name);
    if (is_help(argv[2])) {
        verb_help(verb, stdout);
        return 0;
    }
    if (verb->weight == VERB_LATER) {
        (void)complain("\"occlum %s\" is not in this version yet", name);
        return 1;
    }
    if (verb->serve == NULL) { /* a light verb, asked of occlum-build */
        (void)complain("use \"occlum %s\"", name);
        return 1;
    }
    return verb->serve(argc - 2, argv + 2);
}
