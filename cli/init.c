/* SPDX-License-Identifier: BSD-3-Clause
 *
 * occlum init: the current directory becomes an instance. The status file is written last, so an
 * instance exists whole or not at all; files of the user that are already there are kept.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/init.h"
#include "cli/install.h"
#include "cli/instance.h"
#include "cli/journal.h"
#include "cli/maker.h"
#include "cli/option.h"
#include "cli/say.h"
#include "cli/verb.h"

#define TEMPLATE_MAX (1u << 20)
#define ZONE_MAX     (256u << 10)

static const struct {
    const char *path;
    mode_t mode;
} directories[] = {
    {"image", 0755},
    {"image/bin", 0755},
    {"image/sbin", 0755},
    {"image/lib", 0755},
    {"image/lib64", 0755},
    {"image/root", 0755},
    {"image/host", 0755},
    {"image/ext2", 0755},
    {"image/tmp", 01777},
    {"image/dev", 0755},
    {"image/proc", 0755},
    {"image/etc", 0755},
    {"image/opt", 0755},
    {"image/opt/occlum", 0755},
    {"image/opt/occlum/glibc", 0755},
    {"image/opt/occlum/glibc/lib", 0755},
    {"image/opt/occlum/glibc/etc", 0755},
};

static const struct {
    const char *path, *text;
} files[] = {
    {"image/etc/hosts", "127.0.0.1   localhost\n"},
    {"image/etc/hostname", "occlum\n"},
    {"image/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"
                         "nobody:x:65534:65534:nobody:/:/bin/false\n"},
    {"image/etc/group", "root:x:0:\nnogroup:x:65534:\n"},
};

/* A time zone file that says UTC (RFC 8536): a block for old readers, the same for new ones, and
 * the rule. A block has 44 bytes of head, one zone type of 6 zero bytes and its name. */
#define ZONE_BLOCK 54
#define ZONE_HEAD(at)                                                                              \
    [(at)] = 'T', [(at) + 1] = 'Z', [(at) + 2] = 'i', [(at) + 3] = 'f', [(at) + 4] = '2',          \
    [(at) + 39] = 1, [(at) + 43] = 4, [(at) + 50] = 'U', [(at) + 51] = 'T', [(at) + 52] = 'C'
static const char zone_utc[2 * ZONE_BLOCK + 6] = {
    ZONE_HEAD(0), ZONE_HEAD(ZONE_BLOCK), [2 * ZONE_BLOCK] = '\n', 'U', 'T', 'C', '0', '\n'};

static void free_p(char **p) {
    free(*p);
}

/* The host's time zone, as a copy: a link would point out of the image. */
static err localtime_create(struct journal *journal) {
    static const char path[] = "image/etc/localtime";
    OWNED(free_p) char *bytes = NULL;
    size_t size = 0;

    if (access("/etc/localtime", R_OK) != 0)
        return journal_file(journal, path, zone_utc, sizeof(zone_utc), 0644);
    TRY(file_read(&bytes, &size, "/etc/localtime", ZONE_MAX));
    return journal_file(journal, path, bytes, size, 0644);
}

static err image_create(struct journal *journal) {
    for (size_t i = 0; i < COUNT_OF(directories); i++)
        TRY(journal_mkdir(journal, directories[i].path, directories[i].mode));
    for (size_t i = 0; i < COUNT_OF(files); i++)
        TRY(journal_file(journal, files[i].path, files[i].text, strlen(files[i].text), 0644));
    return localtime_create(journal);
}

static err template_create(struct journal *journal) {
    char path[INSTALL_PATH_MAX];
    OWNED(free_p) char *text = NULL;
    size_t size = 0;

    TRY(install_path(path, "Occlum.json"));
    TRY(file_read(&text, &size, path, TEMPLATE_MAX));
    return journal_file(journal, CONFIG_FILE, text, size, 0644);
}

/* A key of this project's own: a shared one would make everybody the same signer. */
static err project_key_create(struct journal *journal) {
    if (access(KEY_FILE, F_OK) == 0)
        return OK;
    TRY(maker_key_create(KEY_FILE));
    return journal_note(journal, KEY_FILE);
}

err instance_init(void) {
    OWNED(journal_undo) struct journal journal = {0};
    char directory[INSTALL_PATH_MAX];

    if (instance_is_initialized())
        return refuse("the current working directory has been initialized as an Occlum instance");
    if (getcwd(directory, sizeof(directory)) == NULL)
        return complain_errno("cannot tell the current directory");
    TRY(template_create(&journal));
    TRY(image_create(&journal));
    TRY(project_key_create(&journal));
    TRY(instance_set_status("initialized"));
    journal_commit(&journal);
    printf("%s initialized as an Occlum instance\n", directory);
    return OK;
}

err init_options(char ***args) {
    const char *init_ra = NULL;
    const struct option options[] = {{"--init-ra", NULL, &init_ra, NULL}};

    TRY(options_parse(options, COUNT_OF(options), args));
    if (init_ra != NULL)
        return complain("--init-ra is not in this version yet");
    return OK;
}

static err init(char **args) {
    TRY(init_options(&args));
    if (*args != NULL)
        return complain("\"occlum init\" takes no argument; \"occlum new %s\" makes a directory",
                        *args);
    return instance_init();
}

int verb_init(int argc, char **args) {
    return failed(init(args)) ? 1 : 0;
}
