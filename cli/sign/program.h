/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the signer needs of the LibOS ELF file: segments, symbols, initial values. The file is our
 * own build's output, yet every offset in it is checked. Functions that fail have said why.
 */
#ifndef CLI_SIGN_PROGRAM_H
#define CLI_SIGN_PROGRAM_H

#include "base/err.h"
#include "base/span.h"

/* An open file; it borrows the bytes. */
struct elf {
    cspan file;
    uint64_t phoff, shoff;
    uint32_t segment_count, section_count;
};

/* A part of the memory image: `data` at `va`, then zeros up to mem_size. */
struct elf_segment {
    uint64_t va, mem_size;
    cspan data;
    bool load, write, exec;
};

/* ENOEXEC unless it is a static x86-64 executable linked at a fixed address. */
err elf_open(struct elf *elf, cspan file);
/* Segment i < elf->segment_count. Only `load` is set if it is not loaded. */
err elf_segment(const struct elf *elf, uint32_t i, struct elf_segment *out);
/* The value of a symbol. ENOENT if there is none of that name. */
err elf_symbol(const struct elf *elf, const char *name, uint64_t *value);
/* The 8-byte number that lies at `va` initially. */
err elf_number_at(const struct elf *elf, uint64_t va, uint64_t *value);

#endif
