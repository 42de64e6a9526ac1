/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Random bytes: RDRAND of the CPU only, nothing from the host.
 */
#ifndef ENCLAVE_CRYPTO_RANDOM_H
#define ENCLAVE_CRYPTO_RANDOM_H

#include "base/err.h"
#include "base/span.h"

/* Fills dst. EIO if the generator fails many times in a row; dst is then not to be used. */
MUST err random_fill(span dst);

#endif
