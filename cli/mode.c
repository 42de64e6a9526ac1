/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SGX is looked for in CPUID and /dev, never by trying an instruction.
 */
#include "cli/mode.h"

#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/instance.h"
#include "cli/say.h"

#define CPUID_7_EBX_SGX (1u << 2)
#define SGX_DEVICE      "/dev/sgx_enclave"

static const char *const names[SGX_MODE_COUNT] = {
    [SGX_MODE_HW] = "HW", [SGX_MODE_SIM] = "SIM", [SGX_MODE_EMU] = "EMU"};

const char *mode_name(enum sgx_mode mode) {
    return names[mode];
}

err mode_parse(enum sgx_mode *mode, const char *name, const char *source) {
    for (unsigned i = 0; i < SGX_MODE_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *mode = (enum sgx_mode)i;
            return OK;
        }
    }
    if (strcmp(name, "HYPER") == 0)
        return complain("%s: HYPER mode is not supported; there are HW, SIM and EMU", source);
    return complain("%s: unknown SGX mode \"%s\"; there are HW, SIM and EMU", source, name);
}

const char *mode_machine_lacks(void) {
    unsigned eax, ebx, ecx, edx;

    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0 || (ebx & CPUID_7_EBX_SGX) == 0)
        return "this CPU has no SGX, or the firmware has it switched off";
    if (access(SGX_DEVICE, F_OK) != 0)
        return SGX_DEVICE " is not there: Linux's SGX driver is needed, and in a container the "
                          "device must be passed in";
    return NULL;
}

/* What MODE_FILE says; "" if there is none. */
static void mode_file_read(char word[16]) {
    FILE *f = fopen(MODE_FILE, "re");

    word[0] = '\0';
    if (f == NULL)
        return;
    if (fgets(word, 16, f) != NULL)
        word[strcspn(word, "\n")] = '\0';
    fclose(f);
}

err mode_pick(enum sgx_mode *mode, bool *chosen, const char *option) {
    const char *environment = getenv("SGX_MODE");
    char file[16];

    *chosen = true;
    if (option != NULL)
        return mode_parse(mode, option, "--sgx-mode");
    if (environment != NULL && *environment != '\0')
        return mode_parse(mode, environment, "SGX_MODE");
    mode_file_read(file);
    if (*file != '\0')
        return mode_parse(mode, file, MODE_FILE);
    *chosen = false;
    *mode = mode_machine_lacks() == NULL ? SGX_MODE_HW : SGX_MODE_SIM;
    return OK;
}
