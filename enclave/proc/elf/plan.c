/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One pass over the program headers, then what can only be said about all of them:
 *
 *   check_file  is it a program for us, and is its header table in `head`?
 *   take        each header on its own, and a segment against the one before
 *   finish      span, entry point, address of the header table
 *
 * Every read is a copy of a whole header out of the span, every loop is bounded by a constant,
 * every sum is checked: tests/proof/elf_gate.sh proves with Frama-C that no head of up to
 * ELF_HEAD_SIZE bytes leads to a run-time error here.
 */
#include "enclave/proc/elf/plan.h"

#include "abi/image/layout.h"
#include "enclave/proc/elf/format.h"
#include "enclave/proc/elf/why.h"

#define OFFSET_IN_PAGE(v) ((v) & (PAGE_SIZE - 1))

struct planner {
    cspan head;
    uint64_t file_size;
    uint64_t phoff;
    uint64_t align; /* the greatest one asked for */
    const char *why;
    struct elf_plan plan;
};

/* One program header, decoded. */
struct entry {
    uint32_t type, flags;
    uint64_t off, vaddr, file_size, mem_size, align;
};

static err refuse(struct planner *p, int no, const char *why) {
    p->why = why;
    return ERR(no);
}

/* The segment that would be the next one is wrong. */
static err refuse_segment(struct planner *p, int no, enum elf_fault fault) {
    return refuse(p, no, elf_why_segment(fault, p->plan.segment_count));
}

static err check_ident(struct planner *p, const struct elf_file_header *h) {
    if (!cspan_equal(CSPAN_OF(h->magic), CSPAN_LIT("\177ELF")))
        return refuse(p, ENOEXEC, "it is not an ELF file");
    if (h->class != ELF_CLASS_64)
        return refuse(p, ENOEXEC, "it is not a 64-bit ELF file");
    if (h->data != ELF_DATA_LE)
        return refuse(p, ENOEXEC, "it is not a little-endian ELF file");
    if (h->ident_version != ELF_VERSION || le32_get(h->version) != ELF_VERSION)
        return refuse(p, ENOEXEC, "it has an unknown ELF version");
    if (le16_get(h->machine) != ELF_MACHINE_X86_64)
        return refuse(p, ENOEXEC, "it is not a program for x86-64");
    return OK;
}

static err check_type(struct planner *p, uint16_t type) {
    if (type == ELF_TYPE_EXEC)
        p->plan.kind = ELF_FIXED;
    else if (type == ELF_TYPE_DYN)
        p->plan.kind = ELF_MOVABLE;
    else
        return refuse(p, ENOEXEC, "it is an ELF file, but not a linked program");
    return OK;
}

static err check_table(struct planner *p, const struct elf_file_header *h) {
    const uint32_t count = le16_get(h->phnum);

    if (le16_get(h->phentsize) != sizeof(struct elf_program_header))
        return refuse(p, ENOEXEC, "its program headers have an unknown size");
    if (count == 0)
        return refuse(p, ENOEXEC, "it has no program headers");
    if (count > ELF_PHDR_MAX)
        return refuse(p, ENOEXEC, "it has more than 64 program headers");
    p->phoff = le64_get(h->phoff);
    p->plan.phdr_count = count;
    p->plan.phdr_size = sizeof(struct elf_program_header);
    if (!range_ok(p->phoff, (uint64_t)count * p->plan.phdr_size, p->head.n))
        return refuse(p, ENOEXEC, "its program headers are not at the beginning of the file");
    return OK;
}

static err check_file(struct planner *p) {
    struct elf_file_header h;

    if (!cspan_read(SPAN_OF(h), p->head, 0))
        return refuse(p, ENOEXEC, "it is shorter than an ELF header");
    TRY(check_ident(p, &h));
    TRY(check_type(p, le16_get(h.type)));
    TRY(check_table(p, &h));
    p->plan.entry = le64_get(h.entry);
    return OK;
}

static bool read_entry(struct entry *out, const struct planner *p, uint32_t i) {
    struct elf_program_header raw;

    if (!cspan_read(SPAN_OF(raw), p->head, p->phoff + (uint64_t)i * sizeof(raw)))
        return false;
    *out = (struct entry){
        .type = le32_get(raw.type),
        .flags = le32_get(raw.flags),
        .off = le64_get(raw.offset),
        .vaddr = le64_get(raw.vaddr),
        .file_size = le64_get(raw.filesz),
        .mem_size = le64_get(raw.memsz),
        .align = le64_get(raw.align),
    };
    return true;
}

static uint32_t prot_of(uint32_t flags) {
    return ((flags & ELF_FLAG_READ) != 0 ? (uint32_t)ELF_READ : 0) |
           ((flags & ELF_FLAG_WRITE) != 0 ? (uint32_t)ELF_WRITE : 0) |
           ((flags & ELF_FLAG_EXEC) != 0 ? (uint32_t)ELF_EXEC : 0);
}

/* The bytes of a segment in the file. A segment without any may have any offset: lld writes some
 * that are all zero-initialised data. */
static err take_file_bytes(struct planner *p, struct elf_segment *s, const struct entry *e) {
    if (e->file_size > e->mem_size)
        return refuse_segment(p, EINVAL, ELF_FAULT_MORE_IN_FILE);
    if (e->file_size == 0)
        return OK;
    if (!range_ok(e->off, e->file_size, p->file_size))
        return refuse_segment(p, ENOEXEC, ELF_FAULT_BEHIND_FILE);
    if (OFFSET_IN_PAGE(e->vaddr) != OFFSET_IN_PAGE(e->off))
        return refuse_segment(p, EINVAL, ELF_FAULT_PAGE_OFFSET);
    s->file_off = e->off;
    s->file_size = e->file_size;
    return OK;
}

/* The pages of a segment. */
static err take_pages(struct planner *p, struct elf_segment *s, const struct entry *e) {
    uint64_t end, map_end;

    if (!add_ok(&end, e->vaddr, e->mem_size) || !align_up_ok(&map_end, end, PAGE_SIZE))
        return refuse_segment(p, ENOMEM, ELF_FAULT_WRAPS);
    s->vaddr = e->vaddr;
    s->mem_size = e->mem_size;
    s->map_start = align_down(e->vaddr, PAGE_SIZE);
    s->map_size = map_end - s->map_start;
    s->zero_start = e->vaddr + s->file_size;
    if (s->map_start < p->plan.high)
        return refuse_segment(p, ENOEXEC, ELF_FAULT_ORDER);
    if (p->plan.kind == ELF_FIXED && (s->map_start < USER_BASE || map_end > USER_TOP))
        return refuse_segment(p, ENOMEM, ELF_FAULT_OUTSIDE);
    return OK;
}

/* Alignment beyond a page, for programs that want huge pages. What is not a power of two does not
 * count, as on Linux. */
static err take_align(struct planner *p, uint64_t align) {
    if (!is_pow2(align))
        return OK;
    if (align > ELF_ALIGN_MAX)
        return refuse_segment(p, EINVAL, ELF_FAULT_ALIGN);
    p->align = max_u64(p->align, align);
    return OK;
}

static err take_load(struct planner *p, const struct entry *e) {
    struct elf_plan *plan = &p->plan;
    struct elf_segment s = {.prot = prot_of(e->flags)};

    if (e->mem_size == 0 && e->file_size == 0)
        return OK;
    if (plan->segment_count >= ELF_SEGMENT_MAX)
        return refuse(p, ENOEXEC, "it has more than 16 segments");
    TRY(take_file_bytes(p, &s, e));
    TRY(take_pages(p, &s, e));
    TRY(take_align(p, e->align));
    if (plan->segment_count == 0)
        plan->low = s.map_start;
    plan->high = s.map_start + s.map_size;
    plan->write_exec |= (s.prot & ELF_WRITE) != 0 && (s.prot & ELF_EXEC) != 0;
    plan->segments[plan->segment_count] = s;
    plan->segment_count++;
    return OK;
}

static err take_interp(struct planner *p, const struct entry *e) {
    struct elf_interp *interp = &p->plan.interp;
    uint8_t last;

    if (interp->present)
        return refuse(p, ENOEXEC, "it names more than one interpreter");
    if (e->file_size < 2 || e->file_size > ELF_INTERP_MAX)
        return refuse(p, ENOEXEC, "its interpreter's path is empty or too long");
    if (!range_ok(e->off, e->file_size, p->file_size))
        return refuse(p, ENOEXEC, "its interpreter's path ends behind the end of the file");
    interp->present = true;
    interp->off = e->off;
    interp->size = e->file_size;
    if (!cspan_u8(&last, p->head, e->off + e->file_size - 1))
        return OK;
    if (last != 0)
        return refuse(p, ENOEXEC, "its interpreter's path has no end");
    interp->nul_seen = true;
    return OK;
}

static err take(struct planner *p, const struct entry *e) {
    switch (e->type) {
    case ELF_PT_LOAD:
        return take_load(p, e);
    case ELF_PT_INTERP:
        return take_interp(p, e);
    case ELF_PT_GNU_STACK:
        p->plan.stack_exec = (e->flags & ELF_FLAG_EXEC) != 0;
        p->plan.stack_size = e->mem_size;
        return OK;
    default: /* relocations, TLS, notes: the program's own libc reads those */
        return OK;
    }
}

static err take_all(struct planner *p) {
    for (uint32_t i = 0; i < ELF_PHDR_MAX && i < p->plan.phdr_count; i++) {
        struct entry e = {0};

        if (!read_entry(&e, p, i))
            return refuse(p, ENOEXEC, "its program headers are not at the beginning of the file");
        TRY(take(p, &e));
    }
    return OK;
}

static bool entry_is_code(const struct elf_plan *plan) {
    for (uint32_t i = 0; i < ELF_SEGMENT_MAX && i < plan->segment_count; i++) {
        const struct elf_segment *s = &plan->segments[i];

        if ((s->prot & ELF_EXEC) != 0 && plan->entry >= s->vaddr &&
            plan->entry - s->vaddr < s->mem_size)
            return true;
    }
    return false;
}

/* Where the program finds its own headers: in the segment whose file bytes hold them all. */
static uint64_t phdr_address(const struct planner *p) {
    const uint64_t size = (uint64_t)p->plan.phdr_count * p->plan.phdr_size;

    for (uint32_t i = 0; i < ELF_SEGMENT_MAX && i < p->plan.segment_count; i++) {
        const struct elf_segment *s = &p->plan.segments[i];

        if (p->phoff >= s->file_off && range_ok(p->phoff - s->file_off, size, s->file_size))
            return s->vaddr + (p->phoff - s->file_off);
    }
    return 0;
}

static err finish(struct planner *p) {
    struct elf_plan *plan = &p->plan;

    if (plan->segment_count == 0)
        return refuse(p, EINVAL, "it has nothing to load");
    if (plan->high - plan->low > USER_TOP - USER_BASE)
        return refuse(p, ENOMEM, "its segments are further apart than the addresses of programs");
    if (!entry_is_code(plan))
        return refuse(p, EINVAL, "its entry point is not in an executable segment");
    plan->align = plan->kind == ELF_MOVABLE ? max_u64(p->align, PAGE_SIZE) : PAGE_SIZE;
    plan->phdr = phdr_address(p);
    return OK;
}

static err run(struct planner *p) {
    TRY(check_file(p));
    TRY(take_all(p));
    return finish(p);
}

err elf_plan(cspan head, uint64_t file_size, struct elf_plan *out, const char **why) {
    struct planner p = {.head = head, .file_size = file_size};
    const err e = run(&p);

    if (failed(e))
        *why = p.why;
    else
        *out = p.plan;
    return e;
}

/* Where `address`, which lies in the plan or one behind it, comes to lie. */
static uint64_t moved(const struct elf_plan *plan, uint64_t base, uint64_t address) {
    return base + (address - plan->low);
}

err elf_plan_place(struct elf_plan *plan, uint64_t base) {
    const uint64_t size = plan->high - plan->low;
    const uint64_t distance = wrap_add(base, wrap_add(~plan->low, 1));

    if (plan->kind == ELF_FIXED)
        return base == plan->low ? OK : ERR(EINVAL);
    if (!is_aligned(distance, plan->align))
        return ERR(EINVAL);
    if (base < USER_BASE || !range_ok(base, size, USER_TOP))
        return ERR(ENOMEM);
    /* commit */
    for (uint32_t i = 0; i < ELF_SEGMENT_MAX && i < plan->segment_count; i++) {
        struct elf_segment *s = &plan->segments[i];

        s->vaddr = moved(plan, base, s->vaddr);
        s->map_start = moved(plan, base, s->map_start);
        s->zero_start = moved(plan, base, s->zero_start);
    }
    plan->entry = moved(plan, base, plan->entry);
    if (plan->phdr != 0)
        plan->phdr = moved(plan, base, plan->phdr);
    plan->bias = wrap_add(plan->bias, distance);
    plan->low = base;
    plan->high = base + size;
    return OK;
}
