/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Private to the ELF readers: the file header and the program header of 64-bit ELF as they lie in
 * the file, and those of their numbers that we know (System V ABI, "Object Files").
 */
#ifndef ENCLAVE_PROC_ELF_FORMAT_H
#define ENCLAVE_PROC_ELF_FORMAT_H

#include "base/le.h"

struct elf_file_header {
    uint8_t magic[4]; /* 7f 'E' 'L' 'F' */
    uint8_t class;
    uint8_t data;
    uint8_t ident_version;
    uint8_t os_abi; /* not looked at, as on Linux */
    uint8_t reserved[8];
    le16 type;
    le16 machine;
    le32 version;
    le64 entry;
    le64 phoff;
    le64 shoff;
    le32 flags;
    le16 ehsize;
    le16 phentsize;
    le16 phnum;
    le16 shentsize;
    le16 shnum;
    le16 shstrndx;
};

struct elf_program_header {
    le32 type;
    le32 flags;
    le64 offset;
    le64 vaddr;
    le64 paddr;
    le64 filesz;
    le64 memsz;
    le64 align;
};

_Static_assert(sizeof(struct elf_file_header) == 64, "as in the file");
_Static_assert(sizeof(struct elf_program_header) == 56, "as in the file");

enum { ELF_CLASS_64 = 2, ELF_DATA_LE = 1, ELF_VERSION = 1, ELF_MACHINE_X86_64 = 62 };
enum { ELF_TYPE_EXEC = 2, ELF_TYPE_DYN = 3 };
enum { ELF_PT_LOAD = 1, ELF_PT_INTERP = 3, ELF_PT_GNU_STACK = 0x6474e551 };
enum { ELF_FLAG_EXEC = 1, ELF_FLAG_WRITE = 2, ELF_FLAG_READ = 4 };

#endif
