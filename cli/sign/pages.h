/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The file while it grows: runs are appended in the order in which a loader will add them, their
 * data behind that of the run before. Private to cli/sign.
 */
#ifndef CLI_SIGN_PAGES_H
#define CLI_SIGN_PAGES_H

#include "abi/image/enclave.h"
#include "abi/image/layout.h"
#include "base/err.h"
#include "base/span.h"

struct pages {
    struct enclave_file head; /* but for the signature, as it will stand in the file */
    uint8_t *data;            /* owned: everything behind the header page */
    size_t data_size;
};

/* Whole pages whose content is zero. */
err pages_add_zero(struct pages *pages, struct enclave_run run);
/* Whole pages with content, zero until the caller fills *content, which is valid until the next
 * pages_add. Sets the run's file_offset. */
err pages_add_data(struct pages *pages, struct enclave_run run, span *content);

/* Header and data in one piece. Gives *bytes (release with free). */
err pages_join(const struct pages *pages, uint8_t **bytes, size_t *size);

void pages_fini(struct pages *pages);

#endif
