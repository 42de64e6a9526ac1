/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The signer says what went wrong by itself; the image maker hands over an error. The SIGSTRUCT
 * gets its identity from the same configuration that the enclave measures.
 */
#include "cli/maker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/image/layout.h"
#include "cli/config/flat.h"
#include "cli/file.h"
#include "cli/image/make.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/sign/enclave.h"

#define LIBOS_MAX   (64u << 20)
#define ENCLAVE_MAX (256u << 20)

static void free_p(char **p) {
    free(*p);
}

static void bytes_free_p(uint8_t **p) {
    free(*p);
}

err maker_key_create(const char *path) {
    return key_create(path);
}

err maker_key_check(const char *path) {
    OWNED(key_free_p) struct signing_key *key = NULL;

    return key_load(&key, path);
}

static void image_report(struct image_progress *progress, uint64_t done, uint64_t total) {
    progress_show("image", done, total);
}

err maker_image(struct rootfs_trailer *rootfs, const char *tree, const char *image) {
    struct image_progress progress = {.report = image_report};
    struct image_params params;
    struct cli_error error = {0};

    progress_start();
    bool made = image_make(tree, image, &params, &progress, &error);
    progress_stop();
    if (!made && strstr(error.text, strerror(ENOSPC)) != NULL)
        return complain("%s; make room and build again, the old build is as it was", error.text);
    if (!made)
        return complain("%s", error.text);
    *rootfs = (struct rootfs_trailer){.magic = ROOTFS_MAGIC,
                                      .version = ROOTFS_VERSION,
                                      .data_blocks = params.data_blocks,
                                      .tree_blocks = params.tree_blocks};
    memcpy(rootfs->root_hash, params.root_hash, sizeof(rootfs->root_hash));
    return OK;
}

/* A 128-bit id as SIGSTRUCT has it: low half first, little-endian. */
static void id_put(uint8_t id[16], uint64_t low, uint64_t high) {
    le64 halves[2] = {le64_of(low), le64_of(high)};

    memcpy(id, halves, sizeof(halves));
}

static err spec_fill(struct enclave_spec *spec, const struct config *config) {
    const uint64_t *n = config->number;

    enclave_spec_init(spec, n[KEY_metadata_debuggable] != 0);
    spec->prod_id = (uint16_t)n[KEY_metadata_product_id];
    spec->svn = (uint16_t)n[KEY_metadata_version_number];
    if (n[KEY_metadata_enable_kss] != 0) {
        spec->attributes.flags |= SGX_ATTR_KSS;
        spec->attribute_mask.flags |= SGX_ATTR_KSS;
        id_put(spec->family_id, n[KEY_family_id_low], n[KEY_family_id_high]);
        id_put(spec->ext_prod_id, n[KEY_ext_prod_id_low], n[KEY_ext_prod_id_high]);
    }
    return enclave_date(&spec->date, getenv("SOURCE_DATE_EPOCH"));
}

static err flat_make(uint8_t **flat, size_t *size, const struct maker_enclave *make) {
    err e = flat_write(flat, size, make->config, make->rootfs);

    if (e.no == E2BIG)
        return complain("Occlum.json: env, entry_points and mount together exceed the %u KB an "
                        "enclave has for them",
                        (unsigned)(CONFIG_MAX_SIZE >> 10));
    return failed(e) ? complain("out of memory") : OK;
}

err maker_enclave(uint8_t mrenclave[32], const struct maker_enclave *make) {
    OWNED(key_free_p) struct signing_key *key = NULL;
    OWNED(free_p) char *libos = NULL;
    OWNED(bytes_free_p) uint8_t *flat = NULL;
    OWNED(bytes_free_p) uint8_t *enclave = NULL;
    size_t libos_size = 0, flat_size = 0, enclave_size = 0;
    struct enclave_spec spec;
    struct enclave_identity id;

    TRY(key_load(&key, make->key));
    TRY(file_read(&libos, &libos_size, make->libos, LIBOS_MAX));
    TRY(flat_make(&flat, &flat_size, make));
    TRY(spec_fill(&spec, make->config));
    spec.libos = cspan_of(libos, libos_size);
    spec.config = cspan_of(flat, flat_size);
    TRY(enclave_build(&enclave, &enclave_size, &spec, key));
    TRY(enclave_identify(&id, cspan_of(enclave, enclave_size)));
    TRY(file_create(make->output, enclave, enclave_size, 0644));
    memcpy(mrenclave, id.mrenclave, sizeof(id.mrenclave));
    return OK;
}

err maker_identity(uint8_t mrenclave[32], uint8_t mrsigner[32], const char *path) {
    OWNED(free_p) char *bytes = NULL;
    struct enclave_identity id;
    size_t size = 0;

    TRY(file_read(&bytes, &size, path, ENCLAVE_MAX));
    TRY(enclave_identify(&id, cspan_of(bytes, size)));
    memcpy(mrenclave, id.mrenclave, sizeof(id.mrenclave));
    memcpy(mrsigner, id.mrsigner, sizeof(id.mrsigner));
    return OK;
}
