/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One sentence a fault and segment, all made by the preprocessor: a refusal needs no buffer and no
 * formatting, and can be kept for as long as one likes.
 */
#include "enclave/proc/elf/why.h"

#include "enclave/proc/elf/plan.h"

#define SENTENCE_SIZE 56

#define EACH_SEGMENT(text)                                                                         \
    {"segment 0 " text,  "segment 1 " text,  "segment 2 " text,  "segment 3 " text,                \
     "segment 4 " text,  "segment 5 " text,  "segment 6 " text,  "segment 7 " text,                \
     "segment 8 " text,  "segment 9 " text,  "segment 10 " text, "segment 11 " text,               \
     "segment 12 " text, "segment 13 " text, "segment 14 " text, "segment 15 " text}

static const char sentences[][ELF_SEGMENT_MAX][SENTENCE_SIZE] = {
    [ELF_FAULT_MORE_IN_FILE] = EACH_SEGMENT("has more bytes in the file than in memory"),
    [ELF_FAULT_BEHIND_FILE] = EACH_SEGMENT("ends behind the end of the file"),
    [ELF_FAULT_PAGE_OFFSET] = EACH_SEGMENT("is not at its file offset in the page"),
    [ELF_FAULT_WRAPS] = EACH_SEGMENT("wraps around the end of all addresses"),
    [ELF_FAULT_ORDER] = EACH_SEGMENT("begins before the page the last one ends on"),
    [ELF_FAULT_OUTSIDE] = EACH_SEGMENT("is outside the addresses of programs"),
    [ELF_FAULT_ALIGN] = EACH_SEGMENT("asks for an alignment above 1 GiB"),
};

const char *elf_why_segment(enum elf_fault fault, uint32_t segment) {
    if ((uint32_t)fault >= COUNT_OF(sentences) || segment >= ELF_SEGMENT_MAX)
        return "a segment cannot be loaded";
    return sentences[fault][segment];
}
