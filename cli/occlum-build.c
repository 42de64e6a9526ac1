/* SPDX-License-Identifier: BSD-3-Clause
 *
 * `occlum-build`: the heavy verbs. `occlum` becomes this program with its own command line.
 */
#include "cli/install.h"
#include "cli/verb.h"

const char install_lib_from_exe[] = "";

#define SERVE_LIGHT(name) NULL
#define SERVE_HEAVY(name) verb_##name
#define SERVE_LATER(name) NULL
#define O(verb, option, meaning)
#define V(name, weight, args, summary) {#name, args, summary, VERB_##weight, SERVE_##weight(name)},
const struct verb verbs[] = {
#include "cli/verbs.def"
    {NULL, NULL, NULL, VERB_LATER, NULL}};
#undef V
#undef O

int main(int argc, char **argv) {
    return verb_main(argc, argv);
}
