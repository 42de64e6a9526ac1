/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pages of the enclave: the one place that asks the host for memory and makes sure of what it got.
 * The host changes page tables; the CPU's page map (EPCM) changes only with the enclave's consent:
 * a new page counts after EACCEPT, more permissions need EMODPE, fewer need EACCEPT, a page goes
 * with EACCEPT. A host that lies makes EACCEPT fail, and that stops the enclave. In SIM the leaves
 * do nothing (docs/backends.md).
 *
 * Ranges are page aligned and belong to the caller. Permissions are PROT_*.
 */
#ifndef ENCLAVE_MM_PAGES_H
#define ENCLAVE_MM_PAGES_H

#include "base/err.h"

/* Zeroed, readable and writable pages where there were none. ENOMEM. */
MUST err pages_commit(uint64_t start, uint64_t end);
/* Changes permissions of committed pages from `old` to `fresh`. ENOMEM. */
MUST err pages_protect(uint64_t start, uint64_t end, uint32_t old, uint32_t fresh);
/* Gives committed pages back. */
void pages_release(uint64_t start, uint64_t end);

#endif
