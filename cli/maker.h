/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What `occlum` asks of the image maker (cli/image) and the enclave signer (cli/sign). They report
 * errors in their way; here they become messages. The one file that knows both.
 */
#ifndef CLI_MAKER_H
#define CLI_MAKER_H

#include "abi/image/rootfs.h"
#include "base/err.h"
#include "cli/config/config.h"

/* Makes an RSA-3072 signing key in a new file that only its owner may read. */
err maker_key_create(const char *path);

/* Can the key sign enclaves, and is it nobody else's? */
err maker_key_check(const char *path);

/* Packs the directory `tree` into the root image `image`. */
err maker_image(struct rootfs_trailer *rootfs, const char *tree, const char *image);

struct maker_enclave {
    const char *libos;  /* ELF of the LibOS        */
    const char *key;    /* PEM                      */
    const char *output; /* enclave.signed, created  */
    const struct config *config;
    const struct rootfs_trailer *rootfs;
};

/* Lays out, measures and signs the enclave. */
err maker_enclave(uint8_t mrenclave[32], const struct maker_enclave *make);

/* The identities in a signed enclave file. */
err maker_identity(uint8_t mrenclave[32], uint8_t mrsigner[32], const char *path);

#endif
