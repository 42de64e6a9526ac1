/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Headers are copied out of the file with cspan_read, which knows where the file ends; offsets are
 * added with add_ok before that, so no number of the file can point anywhere else.
 */
#include "cli/sign/program.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "cli/say.h"

/* Element i of a table of `size`-byte entries at `off`. */
static bool table_read(span out, cspan file, uint64_t off, uint64_t i) {
    uint64_t at;

    return mul_ok(&at, i, (uint64_t)out.n) && add_ok(&at, at, off) && cspan_read(out, file, at);
}

err elf_open(struct elf *elf, cspan file) {
    Elf64_Ehdr h;

    if (!cspan_read(SPAN_OF(h), file, 0) || memcmp(h.e_ident, ELFMAG, SELFMAG) != 0)
        return complain("the LibOS is not an ELF file");
    if (h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_ident[EI_DATA] != ELFDATA2LSB ||
        h.e_machine != EM_X86_64)
        return complain("the LibOS is not an x86-64 ELF file");
    if (h.e_type != ET_EXEC)
        return complain("the LibOS is not linked at a fixed address (ELF type %u)", h.e_type);
    if (h.e_phentsize != sizeof(Elf64_Phdr) || h.e_shentsize != sizeof(Elf64_Shdr))
        return complain("the LibOS has ELF tables of an unknown form");
    *elf = (struct elf){file, h.e_phoff, h.e_shoff, h.e_phnum, h.e_shnum};
    return OK;
}

err elf_segment(const struct elf *elf, uint32_t i, struct elf_segment *out) {
    Elf64_Phdr p;

    *out = (struct elf_segment){.load = false};
    if (!table_read(SPAN_OF(p), elf->file, elf->phoff, i))
        return complain("the LibOS file ends within its segment table");
    if (p.p_type == PT_INTERP || p.p_type == PT_DYNAMIC || p.p_type == PT_TLS)
        return complain("the LibOS is not a plain static executable (segment %u)", i);
    if (p.p_type != PT_LOAD)
        return OK;
    if (p.p_filesz > p.p_memsz || !cspan_sub(&out->data, elf->file, p.p_offset, p.p_filesz))
        return complain("the data of LibOS segment %u does not lie in the file", i);
    out->load = true;
    out->va = p.p_vaddr;
    out->mem_size = p.p_memsz;
    out->write = (p.p_flags & PF_W) != 0;
    out->exec = (p.p_flags & PF_X) != 0;
    return OK;
}

/* Is `name` what stands, NUL included, at `off` of the string table? */
static bool name_is(cspan strings, uint64_t off, const char *name) {
    size_t size = strlen(name) + 1;
    cspan there;

    return cspan_sub(&there, strings, off, size) && cspan_equal(there, cspan_of(name, size));
}

static bool symbol_search(const struct elf *elf, const Elf64_Shdr *table, const char *name,
                          uint64_t *value) {
    Elf64_Shdr strings_header;
    cspan symbols;
    cspan strings;
    Elf64_Sym sym;

    if (!cspan_sub(&symbols, elf->file, table->sh_offset, table->sh_size) ||
        table->sh_link >= elf->section_count ||
        !table_read(SPAN_OF(strings_header), elf->file, elf->shoff, table->sh_link) ||
        !cspan_sub(&strings, elf->file, strings_header.sh_offset, strings_header.sh_size))
        return false;
    for (uint64_t i = 1; table_read(SPAN_OF(sym), symbols, 0, i); i++) {
        if (sym.st_shndx != SHN_UNDEF && name_is(strings, sym.st_name, name)) {
            *value = sym.st_value;
            return true;
        }
    }
    return false;
}

err elf_symbol(const struct elf *elf, const char *name, uint64_t *value) {
    Elf64_Shdr section;

    for (uint32_t i = 0; i < elf->section_count; i++) {
        if (table_read(SPAN_OF(section), elf->file, elf->shoff, i) &&
            section.sh_type == SHT_SYMTAB && symbol_search(elf, &section, name, value))
            return OK;
    }
    (void)complain("the LibOS has no symbol \"%s\"; it must not be stripped before signing", name);
    return ERR(ENOENT);
}

err elf_number_at(const struct elf *elf, uint64_t va, uint64_t *value) {
    struct elf_segment s;

    for (uint32_t i = 0; i < elf->segment_count; i++) {
        TRY(elf_segment(elf, i, &s));
        if (s.load && va >= s.va && cspan_le64(value, s.data, va - s.va))
            return OK;
    }
    return complain("the LibOS has no data at 0x%llx", (unsigned long long)va);
}
