/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ELF planner: from the first bytes of a file and its size to what the loader has to do, or to
 * the sentence why this file cannot be run. A pure function: it reads nothing but `head`, allocates
 * nothing, and keeps nothing. Nobody vouches for the file; everything in a plan has been checked.
 *
 * A plan holds, for every file that is accepted:
 *  - 1..ELF_SEGMENT_MAX segments in ascending order, no two of which touch the same page. Linux
 * lets the later segment take a shared page over; no linker makes such files (0 of the 2,829 ELF
 * files of a Debian machine), so they are refused;
 *  - file bytes that lie inside the file, at addresses with the same offset in the page;
 *  - an entry point inside an executable segment;
 *  - for ELF_FIXED, all pages inside [USER_BASE, USER_TOP). The addresses of an ELF_MOVABLE plan
 * are those of the file, and not final, until elf_plan_place moved them there.
 *
 * Empty segments are dropped. p_align beyond a page counts for ELF_MOVABLE only, as on Linux. A
 * segment may be writable and executable (Linux permits it); the plan says so.
 */
#ifndef ENCLAVE_PROC_ELF_PLAN_H
#define ENCLAVE_PROC_ELF_PLAN_H

#include "base/err.h"
#include "base/span.h"

#define ELF_HEAD_SIZE   65536u /* of a file, at most, is worth reading for elf_plan */
#define ELF_PHDR_MAX    64u
#define ELF_SEGMENT_MAX 16u
#define ELF_INTERP_MAX  4096u /* Linux's PATH_MAX; the final NUL counts */
#define ELF_ALIGN_MAX   (UINT64_C(1) << 30)

/* Same values as PROT_READ, PROT_WRITE, PROT_EXEC. */
enum elf_prot { ELF_READ = 1, ELF_WRITE = 2, ELF_EXEC = 4 };

enum elf_kind {
    ELF_FIXED,  /* ET_EXEC: runs at its own addresses          */
    ELF_MOVABLE /* ET_DYN: PIE, static PIE, or an interpreter  */
};

/* What to do: map [map_start, map_start + map_size) zeroed, copy file_size bytes at file_off of the
 * file to vaddr, then give the pages `prot`. Bytes of those pages that are not file bytes are zero:
 * Linux would show neighbouring file bytes there, which no program may count on. */
struct elf_segment {
    uint64_t vaddr;
    uint64_t mem_size;
    uint64_t file_off; /* 0 if there are no file bytes */
    uint64_t file_size;
    uint64_t map_start; /* whole pages */
    uint64_t map_size;
    uint64_t zero_start; /* vaddr + file_size; all from here to the end of the pages is zero */
    uint32_t prot;       /* enum elf_prot bits */
};

struct elf_interp {
    bool present;
    uint64_t off; /* the path, inside the file */
    uint64_t size;
    /* The final NUL was seen. If not, the path lies behind `head`, and the loader, which reads it,
     * has to look (Linux: ENOEXEC). */
    bool nul_seen;
};

struct elf_plan {
    enum elf_kind kind;
    uint32_t segment_count;
    struct elf_segment segments[ELF_SEGMENT_MAX];
    uint64_t low; /* [low, high): the pages of all segments and the holes between them */
    uint64_t high;
    uint64_t align; /* of the distance by which a movable plan moves; at least a page */
    uint64_t bias;  /* that distance, modulo 2^64: AT_BASE, if this is the interpreter */
    uint64_t entry;
    uint64_t phdr; /* AT_PHDR, or 0 if no segment holds the program headers */
    uint32_t phdr_count;
    uint32_t phdr_size; /* of one */
    struct elf_interp interp;
    uint64_t stack_size; /* asked for by PT_GNU_STACK, 0 if not; unchecked, only a hint */
    bool stack_exec;     /* PT_GNU_STACK is there and says so; without one it is not, as on Linux */
    bool write_exec;     /* some segment is both writable and executable */
};

/* `head` is the file's first min(file_size, ELF_HEAD_SIZE) bytes. Errors are those of Linux's
 * execve: ENOEXEC not a program for us, EINVAL a broken one, ENOMEM its addresses do not fit. On
 * failure *out is untouched and *why a static sentence; on success *why is untouched. Segments are
 * counted from 0 in the sentences, empty ones left out. */
MUST err elf_plan(cspan head, uint64_t file_size, struct elf_plan *out, const char **why);

/* Moves a movable plan so that its first page is at `base`; every address in it is final then. May
 * be done again. EINVAL: the distance from the file's addresses is not a multiple of plan->align,
 * or the plan is fixed and base is not its place. ENOMEM: not inside [USER_BASE, USER_TOP). On
 * failure the plan is untouched. */
MUST err elf_plan_place(struct elf_plan *plan, uint64_t base);

#endif
