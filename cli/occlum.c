/* SPDX-License-Identifier: BSD-3-Clause
 *
 * `occlum`: the light verbs, and the way to the heavy ones. Linked statically and without
 * libraries, because its start-up is part of every `occlum run`.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/install.h"
#include "cli/say.h"
#include "cli/verb.h"

const char install_lib_from_exe[] = "../lib/occlum/";

static char **command_line;

/* Becomes occlum-build with the same arguments. */
static int verb_heavy(int argc, char **args) {
    char tool[INSTALL_PATH_MAX];

    if (failed(install_path(tool, "occlum-build")))
        return 1;
    execv(tool, command_line);
    (void)complain_errno("cannot start %s", tool);
    return 1;
}

#define SERVE_LIGHT(name) verb_##name
#define SERVE_HEAVY(name) verb_heavy
#define SERVE_LATER(name) NULL
#define O(verb, option, meaning)
#define V(name, weight, args, summary) {#name, args, summary, VERB_##weight, SERVE_##weight(name)},
const struct verb verbs[] = {
#include "cli/verbs.def"
    {NULL, NULL, NULL, VERB_LATER, NULL}};
#undef V
#undef O

int main(int argc, char **argv) {
    command_line = argv;
    return verb_main(argc, argv);
}
