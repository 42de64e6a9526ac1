/* SPDX-License-Identifier: BSD-3-Clause
 * Every rule by which the planner refuses a file, each shown by a file that breaks only that one.
 */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "enclave/proc/elf/plan.h"
#include "enclave/proc/elf/why.h"

#define FILE_SIZE 0x5000u
#define TABLE     64u
#define PHDRS     5u
/* Where a field of the n-th program header lies. */
#define PH(n, field) (TABLE + 56 * (n) + (field))

enum {
    P_TYPE = 0,
    P_FLAGS = 4,
    P_OFFSET = 8,
    P_VADDR = 16,
    P_FILESZ = 32,
    P_MEMSZ = 40,
    P_ALIGN = 48
};
enum {
    E_TYPE = 16,
    E_MACHINE = 18,
    E_VERSION = 20,
    E_ENTRY = 24,
    E_PHOFF = 32,
    E_PHENTSIZE = 54,
    E_PHNUM = 56
};
enum { INTERP = 1, TEXT = 2, DATA = 3, STACK = 4 }; /* program headers; 0 is read-only data */

/* A file's head with room for 64 program headers and one more. */
struct file {
    uint8_t head[TABLE + 56 * (ELF_PHDR_MAX + 1)];
    uint64_t size;
};

static void put(struct file *f, size_t at, size_t bytes, uint64_t v) {
    for (size_t i = 0; i < bytes; i++)
        f->head[at + i] = (uint8_t)(v >> (8 * i));
}

static void put_phdr(struct file *f, size_t n, uint64_t type, uint64_t flags, uint64_t off,
                     uint64_t vaddr, uint64_t file_size, uint64_t mem_size) {
    put(f, PH(n, P_TYPE), 4, type);
    put(f, PH(n, P_FLAGS), 4, flags);
    put(f, PH(n, P_OFFSET), 8, off);
    put(f, PH(n, P_VADDR), 8, vaddr);
    put(f, PH(n, P_FILESZ), 8, file_size);
    put(f, PH(n, P_MEMSZ), 8, mem_size);
    put(f, PH(n, P_ALIGN), 8, 4096);
}

/* One file, made anew by each call. Read-only data with the headers at 0, code at 0x1000, data and
 * bss at 0x3800, as ld makes them.
 */
static struct file *sound_file(uint64_t type) {
    static struct file one;
    struct file *f = &one;
    const uint64_t at = type == 2 ? 0x400000 : 0;

    *f = (struct file){.size = FILE_SIZE};
    put(f, 0, 7, 0x10102464c457f);
    put(f, E_TYPE, 2, type);
    put(f, E_MACHINE, 2, 62);
    put(f, E_VERSION, 4, 1);
    put(f, E_ENTRY, 8, at + 0x1010);
    put(f, E_PHOFF, 8, TABLE);
    put(f, E_PHENTSIZE, 2, 56);
    put(f, E_PHNUM, 2, PHDRS);
    put_phdr(f, 0, 1, 4, 0, at, 0xf00, 0xf00);
    put_phdr(f, INTERP, 3, 4, 0x800, at + 0x800, 0x1c, 0x1c);
    put_phdr(f, TEXT, 1, 5, 0x1000, at + 0x1000, 0x1234, 0x1234);
    put_phdr(f, DATA, 1, 6, 0x2800, at + 0x3800, 0x300, 0x2000);
    put_phdr(f, STACK, 0x6474e551, 6, 0, 0, 0, 0);
    return f;
}

static err plan_of(const struct file *f, struct elf_plan *plan, const char **why) {
    return elf_plan(CSPAN_OF(f->head), f->size, plan, why);
}

static struct elf_plan sound_plan(uint64_t type) {
    const struct file *f = sound_file(type);
    const char *why = NULL;
    struct elf_plan plan;

    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_null(why);
    return plan;
}

static void assert_refused(const struct file *f, int no, const char *sentence) {
    static struct elf_plan plan;
    const char *why = NULL;

    plan = (struct elf_plan){.entry = 77};
    assert_int_equal(plan_of(f, &plan, &why).no, no);
    assert_string_equal(why, sentence);
    assert_int_equal(plan.entry, 77);
}

static void says_where_everything_goes(void **state) {
    const struct elf_plan plan = sound_plan(2);
    const struct elf_segment *data = &plan.segments[2];

    assert_int_equal(plan.kind, ELF_FIXED);
    assert_int_equal(plan.segment_count, 3);
    assert_int_equal(plan.low, 0x400000);
    assert_int_equal(plan.high, 0x406000);
    assert_int_equal(plan.entry, 0x401010);
    assert_int_equal(plan.phdr, 0x400040);
    assert_int_equal(plan.phdr_count, PHDRS);
    assert_int_equal(plan.phdr_size, 56);
    assert_int_equal(data->map_start, 0x403000);
    assert_int_equal(data->map_size, 0x3000);
    assert_int_equal(data->zero_start, 0x403b00);
    assert_int_equal(data->file_off, 0x2800);
    assert_int_equal(data->prot, ELF_READ | ELF_WRITE);
    assert_int_equal(plan.segments[1].prot, ELF_READ | ELF_EXEC);
    assert_true(plan.interp.present && plan.interp.nul_seen);
    assert_int_equal(plan.interp.off, 0x800);
    assert_int_equal(plan.interp.size, 0x1c);
    assert_false(plan.stack_exec || plan.write_exec);
}

/* One field of a sound ET_EXEC file, and what is said when it holds that number. */
static const struct wrong {
    size_t at, bytes;
    uint64_t v;
    int no;
    const char *why;
} wrongs[] = {
    {0, 1, 0x7e, ENOEXEC, "it is not an ELF file"},
    {4, 1, 1, ENOEXEC, "it is not a 64-bit ELF file"},
    {5, 1, 2, ENOEXEC, "it is not a little-endian ELF file"},
    {6, 1, 0, ENOEXEC, "it has an unknown ELF version"},
    {E_VERSION, 4, 2, ENOEXEC, "it has an unknown ELF version"},
    {E_MACHINE, 2, 183, ENOEXEC, "it is not a program for x86-64"},
    {E_TYPE, 2, 1, ENOEXEC, "it is an ELF file, but not a linked program"},
    {E_TYPE, 2, 4, ENOEXEC, "it is an ELF file, but not a linked program"},
    {E_PHENTSIZE, 2, 57, ENOEXEC, "its program headers have an unknown size"},
    {E_PHNUM, 2, 0, ENOEXEC, "it has no program headers"},
    {E_PHNUM, 2, 65, ENOEXEC, "it has more than 64 program headers"},
    {E_PHOFF, 8, sizeof(((struct file *)0)->head) - 56 * PHDRS + 1, ENOEXEC,
     "its program headers are not at the beginning of the file"},
    {E_PHOFF, 8, UINT64_MAX - 8, ENOEXEC,
     "its program headers are not at the beginning of the file"},
    {E_ENTRY, 8, 0x400fff, EINVAL, "its entry point is not in an executable segment"},
    {E_ENTRY, 8, 0x402234, EINVAL, "its entry point is not in an executable segment"},
    {E_ENTRY, 8, 0x403800, EINVAL, "its entry point is not in an executable segment"},
    {PH(TEXT, P_MEMSZ), 8, 0x1233, EINVAL, "segment 1 has more bytes in the file than in memory"},
    {PH(TEXT, P_MEMSZ), 8, 0, EINVAL, "segment 1 has more bytes in the file than in memory"},
    {PH(DATA, P_OFFSET), 8, 0x4d01, ENOEXEC, "segment 2 ends behind the end of the file"},
    {PH(DATA, P_OFFSET), 8, UINT64_MAX - 0xff, ENOEXEC,
     "segment 2 ends behind the end of the file"},
    {PH(DATA, P_OFFSET), 8, 0x2801, EINVAL, "segment 2 is not at its file offset in the page"},
    {PH(DATA, P_MEMSZ), 8, UINT64_MAX - 0x403800, ENOMEM,
     "segment 2 wraps around the end of all addresses"},
    {PH(DATA, P_MEMSZ), 8, UINT64_MAX, ENOMEM, "segment 2 wraps around the end of all addresses"},
    {PH(DATA, P_VADDR), 8, 0x402800, ENOEXEC,
     "segment 2 begins before the page the last one ends on"},
    {PH(DATA, P_VADDR), 8, 0x3ff800, ENOEXEC,
     "segment 2 begins before the page the last one ends on"},
    {PH(0, P_VADDR), 8, USER_BASE - 0x1000, ENOMEM,
     "segment 0 is outside the addresses of programs"},
    {PH(DATA, P_VADDR), 8, USER_TOP - 0x800, ENOMEM,
     "segment 2 is outside the addresses of programs"},
    {PH(TEXT, P_ALIGN), 8, UINT64_C(1) << 31, EINVAL,
     "segment 1 asks for an alignment above 1 GiB"},
    {PH(STACK, P_TYPE), 4, 3, ENOEXEC, "it names more than one interpreter"},
    {PH(INTERP, P_FILESZ), 8, 1, ENOEXEC, "its interpreter's path is empty or too long"},
    {PH(INTERP, P_FILESZ), 8, 4097, ENOEXEC, "its interpreter's path is empty or too long"},
    {PH(INTERP, P_OFFSET), 8, FILE_SIZE - 0x1b, ENOEXEC,
     "its interpreter's path ends behind the end of the file"},
    {0x81b, 1, '2', ENOEXEC, "its interpreter's path has no end"},
};

static void refuses_each_wrong_field(void **state) {
    for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
        struct file *f = sound_file(2);

        put(f, wrongs[i].at, wrongs[i].bytes, wrongs[i].v);
        assert_refused(f, wrongs[i].no, wrongs[i].why);
    }
}

static void refuses_a_file_shorter_than_its_headers(void **state) {
    const struct file *f = sound_file(2);
    const char *why = NULL;
    struct elf_plan plan;

    for (size_t n = 0; n < TABLE + 56 * PHDRS; n++) {
        const char *want = n < 64 ? "it is shorter than an ELF header"
                                  : "its program headers are not at the beginning of the file";

        assert_int_equal(elf_plan(cspan_of(f->head, n), n, &plan, &why).no, ENOEXEC);
        assert_string_equal(why, want);
    }
}

static void refuses_a_file_with_nothing_to_load(void **state) {
    struct file *f = sound_file(2);

    put(f, E_PHNUM, 2, 1);
    put(f, PH(0, P_TYPE), 4, 6);
    assert_refused(f, EINVAL, "it has nothing to load");
}

/* As many one-page segments as asked for, and code first. */
static struct file *many_segments(uint64_t count) {
    struct file *f = sound_file(2);

    put(f, E_PHNUM, 2, count);
    put(f, E_ENTRY, 8, 0x400000);
    for (uint64_t i = 0; i < count; i++)
        put_phdr(f, i, 1, 5, 0, 0x400000 + i * 4096, 0, 4096);
    return f;
}

static void takes_sixteen_segments_and_no_more(void **state) {
    struct elf_plan plan;
    const char *why;

    assert_int_equal(plan_of(many_segments(16), &plan, &why).no, 0);
    assert_int_equal(plan.segment_count, 16);
    assert_refused(many_segments(17), ENOEXEC, "it has more than 16 segments");
}

static void takes_sixty_four_program_headers(void **state) {
    struct file *f = sound_file(2);
    struct elf_plan plan;
    const char *why;

    put(f, E_PHNUM, 2, 64);
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_int_equal(plan.phdr_count, 64);
}

static void refuses_a_movable_program_larger_than_all_addresses(void **state) {
    struct file *f = sound_file(3);

    put(f, PH(DATA, P_VADDR), 8, USER_TOP - USER_BASE + 0x800);
    assert_refused(f, ENOMEM, "its segments are further apart than the addresses of programs");
}

static void leaves_out_empty_segments(void **state) {
    struct file *f = sound_file(2);
    struct elf_plan plan;
    const char *why;

    put_phdr(f, STACK, 1, 7, 99, 3, 0, 0);
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_int_equal(plan.segment_count, 3);
    assert_false(plan.write_exec);
}

static void a_segment_without_file_bytes_may_have_any_offset(void **state) {
    struct file *f = sound_file(2);
    struct elf_plan plan;
    const char *why;

    put(f, PH(DATA, P_OFFSET), 8, UINT64_MAX);
    put(f, PH(DATA, P_FILESZ), 8, 0);
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_int_equal(plan.segments[2].file_off, 0);
    assert_int_equal(plan.segments[2].zero_start, 0x403800);
}

static void tells_of_executable_stacks_and_writable_code(void **state) {
    struct file *f = sound_file(2);
    struct elf_plan plan;
    const char *why;

    put(f, PH(STACK, P_FLAGS), 4, 7);
    put(f, PH(STACK, P_MEMSZ), 8, 0x20000);
    put(f, PH(TEXT, P_FLAGS), 4, 7);
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_true(plan.stack_exec && plan.write_exec);
    assert_int_equal(plan.stack_size, 0x20000);
}

static void an_interpreter_behind_the_head_is_left_to_the_loader(void **state) {
    struct file *f = sound_file(3);
    struct elf_plan plan;
    const char *why;

    put(f, PH(INTERP, P_OFFSET), 8, FILE_SIZE - 0x1c);
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_true(plan.interp.present);
    assert_false(plan.interp.nul_seen);
}

static void program_headers_outside_all_segments_have_no_address(void **state) {
    struct file *f = sound_file(3);
    struct elf_plan plan;
    const char *why;

    put(f, PH(0, P_FILESZ), 8, TABLE + 56 * PHDRS - 1);
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_int_equal(plan.phdr, 0);
    assert_int_equal(elf_plan_place(&plan, USER_BASE).no, 0);
    assert_int_equal(plan.phdr, 0);
}

static void a_movable_plan_moves_and_moves_again(void **state) {
    struct elf_plan plan = sound_plan(3);

    assert_int_equal(elf_plan_place(&plan, 0x7000000).no, 0);
    assert_int_equal(plan.low, 0x7000000);
    assert_int_equal(plan.high, 0x7006000);
    assert_int_equal(plan.bias, 0x7000000);
    assert_int_equal(plan.entry, 0x7001010);
    assert_int_equal(plan.phdr, 0x7000040);
    assert_int_equal(plan.segments[2].vaddr, 0x7003800);
    assert_int_equal(plan.segments[2].map_start, 0x7003000);
    assert_int_equal(plan.segments[2].zero_start, 0x7003b00);
    assert_int_equal(elf_plan_place(&plan, USER_BASE).no, 0);
    assert_int_equal(plan.bias, USER_BASE);
    assert_int_equal(plan.entry, USER_BASE + 0x1010);
}

static void a_movable_plan_stays_inside_the_addresses_of_programs(void **state) {
    struct elf_plan plan = sound_plan(3);
    const uint64_t last = USER_TOP - (plan.high - plan.low);

    assert_int_equal(elf_plan_place(&plan, USER_BASE - PAGE_SIZE).no, ENOMEM);
    assert_int_equal(elf_plan_place(&plan, last + PAGE_SIZE).no, ENOMEM);
    assert_int_equal(elf_plan_place(&plan, UINT64_MAX - PAGE_SIZE + 1).no, ENOMEM);
    assert_int_equal(elf_plan_place(&plan, USER_BASE + 1).no, EINVAL);
    assert_int_equal(plan.low, 0);
    assert_int_equal(elf_plan_place(&plan, last).no, 0);
    assert_int_equal(plan.high, USER_TOP);
}

static void a_movable_plan_keeps_its_alignment(void **state) {
    struct file *f = sound_file(3);
    struct elf_plan plan;
    const char *why;

    put(f, PH(TEXT, P_ALIGN), 8, 0x200000);
    put(f, PH(DATA, P_ALIGN), 8, 0x300000); /* no power of two: does not count */
    assert_int_equal(plan_of(f, &plan, &why).no, 0);
    assert_int_equal(plan.align, 0x200000);
    assert_int_equal(elf_plan_place(&plan, 0x300000).no, EINVAL);
    assert_int_equal(elf_plan_place(&plan, 0x400000).no, 0);
}

static void a_fixed_plan_has_one_place(void **state) {
    struct elf_plan plan = sound_plan(2);

    assert_int_equal(elf_plan_place(&plan, 0x400000).no, 0);
    assert_int_equal(elf_plan_place(&plan, 0x500000).no, EINVAL);
    assert_int_equal(plan.low, 0x400000);
}

static void every_sentence_ends_inside_its_row(void **state) {
    for (uint32_t fault = 0; fault <= ELF_FAULT_ALIGN; fault++) {
        for (uint32_t i = 0; i <= ELF_SEGMENT_MAX; i++)
            assert_in_range(strlen(elf_why_segment((enum elf_fault)fault, i)), 20, 55);
    }
    assert_string_equal(elf_why_segment(ELF_FAULT_ALIGN, ELF_SEGMENT_MAX),
                        "a segment cannot be loaded");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_where_everything_goes),
        cmocka_unit_test(refuses_each_wrong_field),
        cmocka_unit_test(refuses_a_file_shorter_than_its_headers),
        cmocka_unit_test(refuses_a_file_with_nothing_to_load),
        cmocka_unit_test(takes_sixteen_segments_and_no_more),
        cmocka_unit_test(takes_sixty_four_program_headers),
        cmocka_unit_test(refuses_a_movable_program_larger_than_all_addresses),
        cmocka_unit_test(leaves_out_empty_segments),
        cmocka_unit_test(a_segment_without_file_bytes_may_have_any_offset),
        cmocka_unit_test(tells_of_executable_stacks_and_writable_code),
        cmocka_unit_test(an_interpreter_behind_the_head_is_left_to_the_loader),
        cmocka_unit_test(program_headers_outside_all_segments_have_no_address),
        cmocka_unit_test(a_movable_plan_moves_and_moves_again),
        cmocka_unit_test(a_movable_plan_stays_inside_the_addresses_of_programs),
        cmocka_unit_test(a_movable_plan_keeps_its_alignment),
        cmocka_unit_test(a_fixed_plan_has_one_place),
        cmocka_unit_test(every_sentence_ends_inside_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
