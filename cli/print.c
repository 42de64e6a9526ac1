/* SPDX-License-Identifier: BSD-3-Clause
 *
 * occlum print: what a verifier has to expect, from the signed file alone; no SGX is needed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/instance.h"
#include "cli/maker.h"
#include "cli/option.h"
#include "cli/say.h"
#include "cli/verb.h"

#define ENCLAVE BUILD_DIR "/enclave.signed"

static err print_identity(char **args) {
    uint8_t mrenclave[32], mrsigner[32];
    const char *what;

    TRY(options_parse(NULL, 0, &args));
    what = *args;
    TRY(instance_need_init());
    if (what == NULL || (strcmp(what, "mrenclave") != 0 && strcmp(what, "mrsigner") != 0) ||
        args[1] != NULL) {
        puts("No valid info name provided: mrenclave or mrsigner");
        return ERR(EINVAL);
    }
    if (access(ENCLAVE, F_OK) != 0 && errno != EACCES) {
        puts("No build/enclave.signed existed");
        return ERR(ENOENT);
    }
    TRY(maker_identity(mrenclave, mrsigner, ENCLAVE));
    const uint8_t *hash = strcmp(what, "mrsigner") == 0 ? mrsigner : mrenclave;
    for (size_t i = 0; i < 32; i++)
        printf("%02x", hash[i]);
    putchar('\n');
    return OK;
}

int verb_print(int argc, char **args) {
    return failed(print_identity(args)) ? 1 : 0;
}
