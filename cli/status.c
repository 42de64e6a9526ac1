/* SPDX-License-Identifier: BSD-3-Clause
 *
 * occlum status: what is there, looked at now. The status file only says that there is an
 * instance; "built" and "running" are facts, so a killed build or run leaves no wrong word.
 */
#include <stdio.h>

#include "cli/instance.h"
#include "cli/option.h"
#include "cli/say.h"
#include "cli/verb.h"

int verb_status(int argc, char **args) {
    if (failed(options_parse(NULL, 0, &args)))
        return 1;
    if (*args != NULL) {
        (void)complain("\"occlum status\" takes no argument, not %s", *args);
        return 1;
    }
    if (failed(instance_need_init()))
        return 1;
    if (instance_is_running())
        puts("running");
    else
        puts(instance_is_built() ? "built" : "initialized");
    return 0;
}
