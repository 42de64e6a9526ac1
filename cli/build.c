/* SPDX-License-Identifier: BSD-3-Clause
 *
 * occlum build:
 *
 *   Occlum.json ──────────────┐
 *   image/ ─> rootfs.img ─ root hash ─> flat configuration ─┐
 *   lib/occlum/libos.elf ───────────────────────────────────┴─> enclave.signed
 *
 * all in a staging directory (cli/stage.h) that takes the place of ./build when it is complete.
 * ./run is not touched: what programs wrote survives a build.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/install.h"
#include "cli/instance.h"
#include "cli/maker.h"
#include "cli/mode.h"
#include "cli/option.h"
#include "cli/say.h"
#include "cli/stage.h"
#include "cli/verb.h"

#define CONFIG_FILE_MAX (4u << 20)
#define CONFIG_NAME     "Occlum.json"

/* What the command line says. */
struct request {
    const char *key, *mode, *edmm;
    bool force;
};

static void free_p(char **p) {
    free(*p);
}

static err request_parse(struct request *q, char **args) {
    const char *image_key = NULL, *sign_tool = NULL;
    bool key_inside = false;
    const struct option options[] = {{"--sign-key", NULL, &q->key, NULL},
                                     {"--sgx-mode", NULL, &q->mode, NULL},
                                     {"--enable-edmm", NULL, &q->edmm, NULL},
                                     {"--force", "-f", NULL, &q->force},
                                     {"--sign-tool", NULL, &sign_tool, NULL},
                                     {"--image-key", NULL, &image_key, NULL},
                                     {"--buildin-image-key", NULL, NULL, &key_inside}};

    TRY(options_parse(options, COUNT_OF(options), &args));
    if (*args != NULL)
        return complain("Unknown option: %s", *args);
    if (image_key != NULL || key_inside)
        return complain("encrypted images (--image-key) are not in this version yet");
    if (sign_tool != NULL)
        warn_user("--sign-tool %s is not used: occlum signs by itself", sign_tool);
    if (q->key == NULL)
        q->key = KEY_FILE;
    if (access(q->key, F_OK) != 0 && strcmp(q->key, KEY_FILE) == 0)
        return complain("the signing key %s is missing: put it back, or make a new one, with which "
                        "MRSIGNER changes: openssl genrsa -3 -out %s 3072",
                        KEY_FILE, KEY_FILE);
    if (access(q->key, F_OK) != 0)
        return complain("invalid signing key path: %s", q->key);
    if (access(q->key, R_OK) != 0)
        return complain_errno("cannot read the signing key %s", q->key);
    return OK;
}

/* The words the original takes for --enable-edmm and ENABLE_EDMM. */
static err edmm_apply(struct config *config, const char *option) {
    static const char *const yes[] = {"Y", "YES", "yes", "True", "true", "1"};
    static const char *const no[] = {"N", "NO", "no", "False", "false", "0"};
    const char *word = option != NULL ? option : getenv("ENABLE_EDMM");

    if (word == NULL || *word == '\0')
        return OK;
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (strcmp(word, yes[i]) == 0 || strcmp(word, no[i]) == 0) {
            config->number[KEY_feature_enable_edmm] = strcmp(word, yes[i]) == 0;
            return OK;
        }
    }
    return complain("--enable-edmm is Y or N, not %s", word);
}

static err config_load(struct config **config) {
    OWNED(free_p) char *text = NULL;
    size_t size = 0;

    TRY(file_read(&text, &size, CONFIG_FILE, CONFIG_FILE_MAX));
    err e = config_parse(config, text, size, CONFIG_NAME, stderr);
    if (e.no == ENOMEM)
        return complain("out of memory");
    return e;
}

/* build/bin/occlum-run, where scripts of the original look for it. */
static err launcher_link(const struct stage *stage) {
    char bin[STAGE_PATH_MAX], link[STAGE_PATH_MAX], launcher[INSTALL_PATH_MAX];

    TRY(install_path(launcher, "occlum-run"));
    stage_file(stage, "bin", bin);
    stage_file(stage, "bin/occlum-run", link);
    if (mkdir(bin, 0755) != 0 || symlink(launcher, link) != 0)
        return complain_errno("cannot create %s", link);
    return OK;
}

static err image_pack(const struct stage *stage, struct rootfs_trailer *rootfs) {
    char image[STAGE_PATH_MAX];

    stage_file(stage, "rootfs.img", image);
    TRY(maker_image(rootfs, "image", image));
    return file_sync(image);
}

static err enclave_sign(const struct stage *stage, const struct config *config,
                        const struct rootfs_trailer *rootfs, const char *key,
                        uint8_t mrenclave[32]) {
    char libos[INSTALL_PATH_MAX], output[STAGE_PATH_MAX];

    TRY(install_path(libos, "libos.elf"));
    stage_file(stage, "enclave.signed", output);
    TRY(maker_enclave(
        mrenclave,
        &(struct maker_enclave){
            .libos = libos, .key = key, .output = output, .config = config, .rootfs = rootfs}));
    return file_sync(output);
}

/* `run` uses the mode a build was told; a build that was told none leaves it to the machine. */
static err mode_keep(const struct request *q, enum sgx_mode mode) {
    char line[16];
    const char *environment = getenv("SGX_MODE");

    TRY(tree_remove(MODE_FILE));
    if (q->mode == NULL && (environment == NULL || *environment == '\0'))
        return OK;
    int n = snprintf(line, sizeof(line), "%s\n", mode_name(mode));
    return file_create(MODE_FILE, line, (size_t)n, 0644);
}

static err build_staged(const struct request *q, const struct config *config,
                        uint8_t mrenclave[32]) {
    OWNED(stage_close) struct stage stage = {0};
    struct rootfs_trailer rootfs = {0};

    TRY(stage_open(&stage));
    puts("Building new image...");
    fflush(stdout);
    TRY(image_pack(&stage, &rootfs));
    puts("Signing the enclave...");
    fflush(stdout);
    TRY(enclave_sign(&stage, config, &rootfs, q->key, mrenclave));
    TRY(launcher_link(&stage));
    /* commit */
    return stage_commit(&stage);
}

static void hex_line(const char *label, const uint8_t hash[32]) {
    printf("%s", label);
    for (size_t i = 0; i < 32; i++)
        printf("%02x", hash[i]);
    putchar('\n');
}

static err build(char **args) {
    OWNED(config_free_p) struct config *config = NULL;
    struct request q = {0};
    enum sgx_mode mode = SGX_MODE_SIM;
    uint8_t mrenclave[32];
    bool chosen = false;

    TRY(instance_need_init());
    TRY(request_parse(&q, args));
    TRY(mode_pick(&mode, &chosen, q.mode));
    TRY(instance_lock_build());
    TRY(config_load(&config));
    TRY(edmm_apply(config, q.edmm));
    TRY(maker_key_check(q.key)); /* before the work, not after it */
    config_notes(config, CONFIG_NAME, stderr);
    printf("Enclave sign-key: %s\nSGX mode: %s\n", q.key, mode_name(mode));
    TRY(build_staged(&q, config, mrenclave));
    TRY(mode_keep(&q, mode));
    TRY(instance_set_status("built"));
    hex_line("MRENCLAVE: ", mrenclave);
    puts("Built the Occlum image and enclave successfully");
    return OK;
}

int verb_build(int argc, char **args) {
    return failed(build(args)) ? 1 : 0;
}
