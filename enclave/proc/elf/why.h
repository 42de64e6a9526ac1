/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Private to the planner: what can be wrong with one segment, as sentences that name it.
 */
#ifndef ENCLAVE_PROC_ELF_WHY_H
#define ENCLAVE_PROC_ELF_WHY_H

#include "base/compiler.h"

enum elf_fault {
    ELF_FAULT_MORE_IN_FILE,
    ELF_FAULT_BEHIND_FILE,
    ELF_FAULT_PAGE_OFFSET,
    ELF_FAULT_WRAPS,
    ELF_FAULT_ORDER,
    ELF_FAULT_OUTSIDE,
    ELF_FAULT_ALIGN,
};

/* Static. `segment` counts from 0; one behind the last possible gets a sentence too. */
const char *elf_why_segment(enum elf_fault fault, uint32_t segment);

#endif
