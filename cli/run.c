/* SPDX-License-Identifier: BSD-3-Clause
 *
 * occlum run: checks, takes the run lock, and becomes the launcher. The launcher's exit code is
 * the program's, so nothing of ours is left in between. Whether the program is an entry point is
 * checked inside the enclave.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/install.h"
#include "cli/instance.h"
#include "cli/mode.h"
#include "cli/option.h"
#include "cli/say.h"
#include "cli/verb.h"

#define LAUNCHER "occlum-run"

static err run_mode(enum sgx_mode *mode, const char *option) {
    const char *lack = mode_machine_lacks();
    bool chosen = false;

    TRY(mode_pick(mode, &chosen, option));
    if (*mode == SGX_MODE_HW && lack != NULL)
        return complain("SGX mode HW: %s; use --sgx-mode SIM or EMU", lack);
    if (!chosen)
        warn_user("no SGX on this machine: SIM mode, nothing is protected from the host");
    return OK;
}

/* occlum-run --mode MODE --stats yes|no --instance DIR -- PATH ARGS... */
static err run_exec(enum sgx_mode mode, bool stats, int argc, char **args) {
    char launcher[INSTALL_PATH_MAX], directory[INSTALL_PATH_MAX];
    char mode_text[8], stats_text[4];

    TRY(install_path(launcher, LAUNCHER));
    if (getcwd(directory, sizeof(directory)) == NULL)
        return complain_errno("cannot tell the current directory");
    char **line = calloc((size_t)argc + 9, sizeof(*line));
    if (line == NULL)
        return complain_errno("cannot start %s", LAUNCHER);

    snprintf(mode_text, sizeof(mode_text), "%s", mode_name(mode));
    snprintf(stats_text, sizeof(stats_text), "%s", stats ? "yes" : "no");
    char name[] = LAUNCHER, mode_option[] = "--mode", stats_option[] = "--stats",
         instance_option[] = "--instance", end[] = "--";
    char *head[] = {name,       mode_option,     mode_text, stats_option,
                    stats_text, instance_option, directory, end};
    size_t n = 0;
    for (; n < COUNT_OF(head); n++)
        line[n] = head[n];
    for (int i = 0; i < argc; i++)
        line[n++] = args[i];
    execv(launcher, line);
    free(line);
    return complain_errno("cannot start %s", launcher);
}

static err run(char **args) {
    const char *mode_option = NULL, *config_id = NULL, *config_svn = NULL;
    bool stats = false;
    const struct option options[] = {{"--sgx-mode", NULL, &mode_option, NULL},
                                     {"--stats", NULL, NULL, &stats},
                                     {"--config-id", NULL, &config_id, NULL},
                                     {"--config-svn", NULL, &config_svn, NULL}};
    enum sgx_mode mode = SGX_MODE_SIM;
    int argc = 0;

    TRY(options_parse(options, COUNT_OF(options), &args));
    TRY(instance_need_build());
    if (config_id != NULL || config_svn != NULL)
        return complain("%s is not in this version yet",
                        config_id != NULL ? "--config-id" : "--config-svn");
    if (*args == NULL) {
        fputs("[ERROR] occlum-run: at least one argument must be provided\n\n"
              "Usage: occlum run <executable> [<args>]\n",
              stderr);
        return ERR(EINVAL);
    }
    while (args[argc] != NULL)
        argc++;
    TRY(run_mode(&mode, mode_option));
    TRY(instance_lock_run());
    return run_exec(mode, stats, argc, args);
}

int verb_run(int argc, char **args) {
    return failed(run(args)) ? 1 : 0;
}
