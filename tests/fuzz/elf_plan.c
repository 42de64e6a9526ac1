/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Target: enclave/proc/elf/plan.c. An input is 16 bytes, the file's size and the address at which a
 * movable plan is placed, then the head of the file. The oracle reads the accepted file once more
 * in its own simple way and compares; it shares no code with the planner. The mutator makes a sound
 * ELF file, then breaks a few of its fields: random bytes would rarely pass the first check.
 */
#include "tests/fuzz/lib/harness.h"

#include "abi/image/layout.h"
#include "enclave/proc/elf/plan.h"
#include "tests/fuzz/lib/dice.h"

#define PREFIX     16u
#define EHDR       64u
#define PHDR       56u
#define EVA_SIZE   (PREFIX + ELF_HEAD_SIZE) /* every head there can be */
#define MUTANT_MAX 24u                      /* program headers of a made file */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static uint64_t number_at(const uint8_t *p, size_t bytes) {
    uint64_t v = 0;

    for (size_t i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

/* The same inside the head; 0 where it does not lie inside. */
static uint64_t head_number(const uint8_t *head, size_t size, uint64_t at, size_t bytes) {
    return size >= bytes && at <= size - bytes ? number_at(head + at, bytes) : 0;
}

/* a + b fits into 64 bits and is at most limit. */
static bool sum_within(uint64_t a, uint64_t b, uint64_t limit) {
    return a <= limit && b <= limit - a;
}

static void check_segment(const struct elf_segment *s, uint64_t file_size) {
    FUZZ_CHECK(s->mem_size > 0);
    FUZZ_CHECK(s->file_size <= s->mem_size);
    FUZZ_CHECK(s->file_size == 0 || sum_within(s->file_off, s->file_size, file_size));
    FUZZ_CHECK(s->file_size == 0 || (s->vaddr - s->file_off) % PAGE_SIZE == 0);
    FUZZ_CHECK(s->map_start % PAGE_SIZE == 0 && s->map_size % PAGE_SIZE == 0);
    FUZZ_CHECK(sum_within(s->map_start, s->map_size, UINT64_MAX));
    FUZZ_CHECK(s->vaddr >= s->map_start && s->vaddr - s->map_start < PAGE_SIZE);
    FUZZ_CHECK(sum_within(s->vaddr, s->mem_size, s->map_start + s->map_size));
    FUZZ_CHECK(s->map_start + s->map_size - (s->vaddr + s->mem_size) < PAGE_SIZE);
    FUZZ_CHECK(s->zero_start == s->vaddr + s->file_size);
    FUZZ_CHECK(s->prot <= (ELF_READ | ELF_WRITE | ELF_EXEC));
}

static void check_segments(const struct elf_plan *plan, uint64_t file_size) {
    bool entry_is_code = false, write_exec = false;
    uint64_t high = 0;

    FUZZ_CHECK(plan->segment_count >= 1 && plan->segment_count <= ELF_SEGMENT_MAX);
    FUZZ_CHECK(plan->low == plan->segments[0].map_start);
    for (size_t i = 0; i < ELF_SEGMENT_MAX && i < plan->segment_count; i++) {
        const struct elf_segment *s = &plan->segments[i];

        check_segment(s, file_size);
        FUZZ_CHECK(i == 0 || s->map_start >= high);
        high = s->map_start + s->map_size;
        entry_is_code |= (s->prot & ELF_EXEC) != 0 && plan->entry >= s->vaddr &&
                         plan->entry - s->vaddr < s->mem_size;
        write_exec |= (s->prot & (ELF_WRITE | ELF_EXEC)) == (ELF_WRITE | ELF_EXEC);
    }
    FUZZ_CHECK(plan->high == high);
    FUZZ_CHECK(plan->high - plan->low <= USER_TOP - USER_BASE);
    FUZZ_CHECK(entry_is_code);
    FUZZ_CHECK(plan->write_exec == write_exec);
}

static void check_final(const struct elf_plan *plan) {
    FUZZ_CHECK(plan->low >= USER_BASE && plan->low < plan->high && plan->high <= USER_TOP);
    FUZZ_CHECK(plan->phdr == 0 ||
               (plan->phdr >= plan->low &&
                sum_within(plan->phdr, (uint64_t)plan->phdr_count * PHDR, plan->high)));
}

/* Where in the head the n-th program header of that type begins, or NOWHERE. */
#define NOWHERE UINT64_MAX
static uint64_t find_header(const uint8_t *head, size_t size, uint32_t type, size_t n) {
    const uint64_t table = head_number(head, size, 32, 8), count = head_number(head, size, 56, 2);

    for (uint64_t i = 0; i < ELF_PHDR_MAX && i < count; i++) {
        const uint64_t at = table + i * PHDR;
        const bool empty = head_number(head, size, at + 40, 8) == 0;

        if (head_number(head, size, at, 4) != type || (type == 1 && empty))
            continue;
        if (n-- == 0)
            return at;
    }
    return NOWHERE;
}

/* What the file says, read a second time. */
static void check_against_file(const struct elf_plan *plan, const uint8_t *head, size_t size) {
    FUZZ_CHECK(head_number(head, size, 0, 7) == 0x10102464c457f);
    FUZZ_CHECK(head_number(head, size, 18, 2) == 62 && head_number(head, size, 20, 4) == 1);
    FUZZ_CHECK(head_number(head, size, 16, 2) == (plan->kind == ELF_FIXED ? 2u : 3u));
    FUZZ_CHECK(head_number(head, size, 24, 8) == plan->entry);
    FUZZ_CHECK(head_number(head, size, 54, 2) == PHDR && plan->phdr_size == PHDR);
    FUZZ_CHECK(head_number(head, size, 56, 2) == plan->phdr_count);
    FUZZ_CHECK(plan->phdr_count <= ELF_PHDR_MAX);
    FUZZ_CHECK(sum_within(head_number(head, size, 32, 8), plan->phdr_count * PHDR, size));
    for (size_t i = 0; i < ELF_SEGMENT_MAX && i < plan->segment_count; i++) {
        const struct elf_segment *s = &plan->segments[i];
        const uint64_t at = find_header(head, size, 1, i);

        FUZZ_CHECK(at != NOWHERE);
        FUZZ_CHECK(s->file_size == 0 || head_number(head, size, at + 8, 8) == s->file_off);
        FUZZ_CHECK(head_number(head, size, at + 16, 8) == s->vaddr);
        FUZZ_CHECK(head_number(head, size, at + 32, 8) == s->file_size);
        FUZZ_CHECK(head_number(head, size, at + 40, 8) == s->mem_size);
    }
    FUZZ_CHECK(find_header(head, size, 1, plan->segment_count) == NOWHERE);
    FUZZ_CHECK((find_header(head, size, 3, 0) != NOWHERE) == plan->interp.present);
    FUZZ_CHECK(find_header(head, size, 3, 1) == NOWHERE);
}

static void check_interp(const struct elf_plan *plan, const uint8_t *head, size_t size,
                         uint64_t file_size) {
    const struct elf_interp *in = &plan->interp;

    if (!in->present)
        return;
    FUZZ_CHECK(in->size >= 2 && in->size <= ELF_INTERP_MAX);
    FUZZ_CHECK(sum_within(in->off, in->size, file_size));
    FUZZ_CHECK(in->nul_seen == sum_within(in->off, in->size, size));
    FUZZ_CHECK(head_number(head, size, in->off + in->size - 1, 1) == 0);
}

static void check_place(struct elf_plan *plan, uint64_t base, uint64_t file_size) {
    const uint64_t distance = base - plan->low, entry = plan->entry - plan->low;
    const uint64_t size = plan->high - plan->low;
    const bool fits = base >= USER_BASE && sum_within(base, size, USER_TOP);
    const err e = elf_plan_place(plan, base);

    if (plan->kind == ELF_FIXED) {
        FUZZ_CHECK(failed(e) == (distance != 0));
        check_final(plan);
        return;
    }
    FUZZ_CHECK(plan->align >= PAGE_SIZE && is_pow2(plan->align));
    FUZZ_CHECK(failed(e) == !(fits && (distance & (plan->align - 1)) == 0));
    if (failed(e))
        return;
    FUZZ_CHECK(plan->low == base && plan->high == base + size);
    FUZZ_CHECK(plan->bias == distance && plan->entry == base + entry);
    check_final(plan);
    check_segments(plan, file_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *why = NULL;
    struct elf_plan plan = {0};

    if (size < PREFIX)
        return 0;
    const uint64_t file_size = number_at(data, 8), base = number_at(data + 8, 8);
    const uint8_t *head = data + PREFIX;
    const size_t head_size = size - PREFIX;
    const err e = elf_plan(cspan_of(head, head_size), file_size, &plan, &why);

    if (failed(e)) {
        FUZZ_CHECK(e.no == ENOEXEC || e.no == EINVAL || e.no == ENOMEM);
        FUZZ_CHECK(why != NULL && why[0] != '\0');
        FUZZ_CHECK(plan.segment_count == 0 && plan.high == 0);
        return 0;
    }
    FUZZ_CHECK(why == NULL);
    check_segments(&plan, file_size);
    check_against_file(&plan, head, head_size);
    check_interp(&plan, head, head_size, file_size);
    if (plan.kind == ELF_FIXED)
        check_final(&plan);
    check_place(&plan, base, file_size);
    return 0;
}

#ifndef FUZZ_EVA
/* --- the mutator --- */

static void put(uint8_t *p, size_t bytes, uint64_t v) {
    for (size_t i = 0; i < bytes; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

/* Every number of a program header: where, and how many bytes. */
static const struct field {
    uint8_t at, bytes;
} header_fields[] = {{4, 1},  {5, 1},  {6, 1},  {16, 2}, {18, 2},
                     {20, 4}, {24, 8}, {32, 8}, {54, 2}, {56, 2}},
  phdr_fields[] = {{0, 4}, {4, 4}, {8, 8}, {16, 8}, {32, 8}, {40, 8}, {48, 8}};

static void break_field(struct dice *d, uint8_t *record, struct field f) {
    put(record + f.at, f.bytes, dice_number(d, number_at(record + f.at, f.bytes)));
}

static void make_phdr(uint8_t *p, uint32_t type, uint32_t flags, const uint64_t v[4]) {
    put(p, 4, type);
    put(p + 4, 4, flags);
    put(p + 8, 8, v[0]);
    put(p + 16, 8, v[1]);
    put(p + 24, 8, v[1]);
    put(p + 32, 8, v[2]);
    put(p + 40, 8, v[3]);
    put(p + 48, 8, 4096);
}

/* A sound file of `count` program headers. Returns the size of prefix and head. */
static size_t make_file(struct dice *d, uint8_t *data, size_t count) {
    const bool fixed = dice_below(d, 2) == 0;
    uint8_t *head = data + PREFIX;
    uint64_t at = fixed ? 0x400000 : 0, off = 0;
    const size_t size = EHDR + count * PHDR;

    for (size_t i = 0; i < PREFIX + size; i++)
        data[i] = 0;
    put(head, 8, 0x10102464c457f);
    put(head + 16, 2, fixed ? 2 : 3);
    put(head + 18, 2, 62);
    put(head + 20, 4, 1);
    put(head + 24, 8, at + EHDR);
    put(head + 32, 8, EHDR);
    put(head + 52, 2, EHDR);
    put(head + 54, 2, PHDR);
    put(head + 56, 2, count);
    for (size_t i = 0; i < count; i++) {
        const uint64_t file = size + dice_below(d, 9000), bss = dice_below(d, 9000);
        const uint64_t interp = file < ELF_INTERP_MAX ? 8 : 2;

        if (i > 0 && dice_below(d, 6) == 0) {
            make_phdr(head + EHDR + i * PHDR, 3, 4, (uint64_t[]){8, 8, interp, interp});
        } else if (i > 0 && dice_below(d, 6) == 0) {
            make_phdr(head + EHDR + i * PHDR, 0x6474e551, 6, (uint64_t[]){0, 0, 0, bss});
        } else {
            const uint32_t flags = i == 0 ? 5 : (uint32_t)dice_below(d, 8);

            make_phdr(head + EHDR + i * PHDR, 1, flags, (uint64_t[]){off, at, file, file + bss});
            off += file;
            at = (at + file + bss + PAGE_SIZE) / PAGE_SIZE * PAGE_SIZE + off % PAGE_SIZE;
        }
    }
    put(data, 8, off);
    put(data + 8, 8, (fixed ? 0x400000 : 0x10000 + PAGE_SIZE * dice_below(d, 1u << 20)));
    return PREFIX + size;
}

static size_t mutate_elf(struct dice *d, uint8_t *data, size_t size, size_t max_size) {
    const size_t count = 1 + dice_below(d, MUTANT_MAX);
    const bool fresh = size < PREFIX + EHDR + PHDR || dice_below(d, 8) == 0;

    if (fresh && PREFIX + EHDR + count * PHDR <= max_size)
        size = make_file(d, data, count);
    if (size < PREFIX + EHDR + PHDR)
        return size;
    const size_t phdrs = (size - PREFIX - EHDR) / PHDR;

    for (uint64_t n = dice_below(d, 4); n > 0; n--) {
        uint8_t *phdr = data + PREFIX + EHDR + PHDR * dice_below(d, phdrs);

        switch (dice_below(d, 8)) {
        case 0:
            break_field(d, data + PREFIX, header_fields[dice_below(d, 10)]);
            break;
        case 1:
            break_field(d, data, (struct field){(uint8_t)(8 * dice_below(d, 2)), 8});
            break;
        case 2:
            data[dice_below(d, size)] ^= (uint8_t)(1u << dice_below(d, 8));
            break;
        case 3:
            /* The last: what follows would break fields that are gone. */
            return dice_below(d, 16) == 0 ? dice_below(d, size) : size - dice_below(d, PHDR);
        default:
            break_field(d, phdr, phdr_fields[dice_below(d, 7)]);
        }
    }
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed) {
    struct dice d = {.state = seed};

    return mutate_elf(&d, data, size, max_size);
}
#endif

FUZZ_MAIN(EVA_SIZE)
