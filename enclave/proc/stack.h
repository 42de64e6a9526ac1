/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The first stack of a program, as the System V ABI wants it: argc, argv, envp and auxv at the
 * stack pointer, the strings above. It is built in kernel memory, with the addresses it will have,
 * and then copied out in one piece.
 */
#ifndef ENCLAVE_PROC_STACK_H
#define ENCLAVE_PROC_STACK_H

#include "base/addr.h"
#include "base/err.h"
#include "base/span.h"

#define STACK_STRINGS_MAX (2u << 20) /* bytes of all argument and environment strings */
#define STACK_COUNT_MAX   65536u     /* how many */

/* Arguments, then environment: NUL-terminated strings, end to end. */
struct stack_strings {
    cspan bytes;
    size_t argc, envc;
};

/* auxv types, as <elf.h> numbers them. */
enum {
    AT_NULL = 0,
    AT_PHDR = 3,
    AT_PHENT = 4,
    AT_PHNUM = 5,
    AT_PAGESZ = 6,
    AT_BASE = 7,
    AT_FLAGS = 8,
    AT_ENTRY = 9,
    AT_UID = 11,
    AT_EUID = 12,
    AT_GID = 13,
    AT_EGID = 14,
    AT_PLATFORM = 15,
    AT_HWCAP = 16,
    AT_CLKTCK = 17,
    AT_SECURE = 23,
    AT_RANDOM = 25,
    AT_HWCAP2 = 26,
    AT_EXECFN = 31,
    AT_MINSIGSTKSZ = 51,
};

struct auxv_entry {
    uint64_t type, value;
};

struct stack_input {
    struct stack_strings strings;
    cspan exec_path;               /* AT_EXECFN */
    uint8_t random[16];            /* AT_RANDOM */
    const struct auxv_entry *auxv; /* without the entries this module adds (RANDOM, EXECFN,
                                      PLATFORM, NULL) */
    size_t auxv_count;
};

/* The bytes [sp, top) of a stack that ends at `top` (16-byte aligned), newly allocated: *image is
 * the caller's. E2BIG if they need more than `limit` bytes; EINVAL if the strings and the counts
 * disagree; ENOMEM. */
MUST err stack_build(const struct stack_input *in, uint64_t top, uint64_t limit, span *image,
                     uaddr *sp);

#endif
