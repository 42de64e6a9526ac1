/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A LibOS of a few pages that the signer accepts, and the settings to sign it with.
 */
#ifndef TESTS_UNIT_SIGN_LIBOS_H
#define TESTS_UNIT_SIGN_LIBOS_H

#include <elf.h>

#include "abi/image/layout.h"
#include "base/mem.h"
#include "cli/sign/enclave.h"

#define TEXT_VA  LIBOS_BASE
#define DATA_VA  (LIBOS_BASE + 0x2000)
#define BSS_SIZE 0x2800ull
#define STRIDE   128ull

/* A LibOS with a text segment of a page and a bit, and a data segment that starts with the stride
 * and the vCPU table, and goes on as bss. */
struct libos {
    Elf64_Ehdr head;
    Elf64_Phdr segments[3];
    Elf64_Shdr sections[3];
    Elf64_Sym symbols[4];
    char names[64];
    uint8_t text[4096 + 100];
    struct {
        uint64_t stride;
        uint8_t table[8 * STRIDE];
    } data;
};

static struct libos g_libos;
static struct enclave_spec g_spec;

static Elf64_Sym symbol(uint32_t name, uint64_t value) {
    return (Elf64_Sym){.st_name = name, .st_shndx = 1, .st_value = value};
}

static Elf64_Phdr segment(uint32_t flags, uint64_t off, uint64_t va, uint64_t size) {
    return (Elf64_Phdr){.p_type = PT_LOAD,
                        .p_flags = flags,
                        .p_offset = off,
                        .p_vaddr = va,
                        .p_filesz = size,
                        .p_memsz = size};
}

static int good_libos(void **state) {
    struct libos *l = &g_libos;
    static const char names[] = "\0enclave_entry\0vcpu_table\0vcpu_stride";
    static const uint8_t config[] = "configuration";

    mem_zero(l, sizeof(*l));
    mem_copy(l->head.e_ident, ELFMAG, SELFMAG);
    l->head.e_ident[EI_CLASS] = ELFCLASS64;
    l->head.e_ident[EI_DATA] = ELFDATA2LSB;
    l->head.e_type = ET_EXEC;
    l->head.e_machine = EM_X86_64;
    l->head.e_phoff = offsetof(struct libos, segments);
    l->head.e_phentsize = sizeof(Elf64_Phdr);
    l->head.e_phnum = 3;
    l->head.e_shoff = offsetof(struct libos, sections);
    l->head.e_shentsize = sizeof(Elf64_Shdr);
    l->head.e_shnum = 3;
    l->segments[0] = (Elf64_Phdr){.p_type = PT_GNU_STACK};
    l->segments[1] = segment(PF_R | PF_X, offsetof(struct libos, text), TEXT_VA, sizeof(l->text));
    l->segments[2] = segment(PF_R | PF_W, offsetof(struct libos, data), DATA_VA, sizeof(l->data));
    l->segments[2].p_memsz += BSS_SIZE;
    l->sections[1] = (Elf64_Shdr){.sh_type = SHT_SYMTAB,
                                  .sh_link = 2,
                                  .sh_offset = offsetof(struct libos, symbols),
                                  .sh_size = sizeof(l->symbols)};
    l->sections[2] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
                                  .sh_offset = offsetof(struct libos, names),
                                  .sh_size = sizeof(l->names)};
    l->symbols[1] = symbol(1, TEXT_VA + 16);
    l->symbols[2] = symbol(15, DATA_VA + 8);
    l->symbols[3] = symbol(26, DATA_VA);
    mem_copy(l->names, names, sizeof(names));
    mem_fill(l->text, 0x90, sizeof(l->text));
    l->data.stride = STRIDE;
    enclave_spec_init(&g_spec, true);
    g_spec.tcs_count = 4;
    g_spec.libos = CSPAN_OF(g_libos);
    g_spec.config = CSPAN_OF(config);
    g_spec.prod_id = 7;
    g_spec.svn = 3;
    return 0;
}

#endif
