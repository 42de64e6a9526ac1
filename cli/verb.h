/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The verbs of `occlum`, from cli/verbs.def. Two executables share the table: `occlum` serves the
 * light verbs and hands the others to `occlum-build`, so that `occlum run` loads no library.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <stdio.h>

#include "base/err.h"

enum verb_weight { VERB_LIGHT, VERB_HEAVY, VERB_LATER };

/* args[0] is the first argument behind the verb; the array ends with NULL. The result is the
 * exit code; messages are out. */
typedef int verb_fn(int argc, char **args);

struct verb {
    const char *name, *args, *summary;
    enum verb_weight weight;
    verb_fn *serve; /* of this executable */
};

/* Each executable has its own: what serves a verb there. Ends with a NULL name. */
extern const struct verb verbs[];

const struct verb *verb_find(const char *name);
/* All verbs, or one with its options. */
void verb_usage(FILE *out);
void verb_help(const struct verb *verb, FILE *out);
/* The whole command line: help, version, unknown verbs, dispatch. Returns the exit code. */
int verb_main(int argc, char **argv);

#define V(name, weight, args, summary) verb_fn verb_##name;
#define O(verb, option, meaning)
#include "cli/verbs.def"
#undef V
#undef O

#endif
