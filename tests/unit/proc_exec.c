/* SPDX-License-Identifier: BSD-3-Clause
 * A program is loaded page by page as its file says, its first registers and stack are right, and a
 * program that cannot be loaded leaves nothing behind.
 */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/elf/format.h"
#include "enclave/proc/exec.h"
#include "tests/lib/fakemem.h"
#include "tests/lib/tree.h"

#define BASE       0x400000u
#define ENTRY      0x1010u
#define FILE_SIZE  0x2080u
#define DATA_END   0x3800u /* of the bss */
#define BUDGET     (2048 * PAGE_SIZE)
#define STACK_SIZE (256u << 10)
#define INTERP     "/ld"

struct program {
    struct elf_file_header head;
    struct elf_program_header phdr[4];
    char interp[8];
    uint8_t rest[FILE_SIZE - sizeof(struct elf_file_header) -
                 4 * sizeof(struct elf_program_header) - 8];
};

static const struct stack_strings g_strings = {
    .bytes = {(const uint8_t *)"p\0arg\0A=1", 10}, .argc = 2, .envc = 1};
static const char *g_why;

static void phdr(struct program *p, uint32_t i, uint32_t type, uint32_t flags, uint64_t off,
                 uint64_t vaddr, uint64_t filesz, uint64_t memsz) {
    struct elf_program_header *h = &p->phdr[i];

    h->type = le32_of(type);
    h->flags = le32_of(flags);
    h->offset = le64_of(off);
    h->vaddr = le64_of(vaddr);
    h->filesz = le64_of(filesz);
    h->memsz = le64_of(memsz);
    h->align = le64_of(PAGE_SIZE);
}

/* Headers read-only at 0, code at 0x1000, data and bss at 0x2000; every byte of code and data says
 * where it is. */
static struct program program_of(uint16_t type, bool interp) {
    static struct program p;
    uint64_t at = type == ELF_TYPE_EXEC ? BASE : 0;

    memset(&p, 0, sizeof(p));
    memcpy(p.head.magic, "\177ELF", 4);
    p.head.class = ELF_CLASS_64;
    p.head.data = ELF_DATA_LE;
    p.head.ident_version = ELF_VERSION;
    p.head.type = le16_of(type);
    p.head.machine = le16_of(ELF_MACHINE_X86_64);
    p.head.version = le32_of(ELF_VERSION);
    p.head.entry = le64_of(at + ENTRY);
    p.head.phoff = le64_of(sizeof(p.head));
    p.head.phentsize = le16_of(sizeof(p.phdr[0]));
    p.head.phnum = le16_of(interp ? 4 : 3);
    phdr(&p, 0, ELF_PT_LOAD, ELF_FLAG_READ, 0, at, 0x200, 0x200);
    phdr(&p, 1, ELF_PT_LOAD, ELF_FLAG_READ | ELF_FLAG_EXEC, 0x1000, at + 0x1000, 0x100, 0x100);
    phdr(&p, 2, ELF_PT_LOAD, ELF_FLAG_READ | ELF_FLAG_WRITE, 0x2000, at + 0x2000, 0x80, 0x1800);
    phdr(&p, 3, ELF_PT_INTERP, ELF_FLAG_READ, offsetof(struct program, interp), 0, sizeof(INTERP),
         sizeof(INTERP));
    memcpy(p.interp, INTERP, sizeof(INTERP));
    for (size_t i = 0x1000; i < FILE_SIZE; i++)
        ((uint8_t *)&p)[i] = (uint8_t)(i * 7 + 1);
    return p;
}

static void write_file(const char *path, uint32_t mode, const void *bytes, size_t n) {
    struct path_at at = tree_path(path);
    static uint8_t copy[FILE_SIZE];
    struct file *f;
    struct uio u;
    size_t done;

    memcpy(copy, bytes, n);
    assert_int_equal(vfs_open(&at, O_CREAT | O_WRONLY | O_TRUNC, mode, &f).no, 0);
    uio_kernel(&u, span_of(copy, n));
    assert_int_equal(file_write(f, &u, &done).no, 0);
    assert_int_equal(done, n);
    file_put(f);
}

static void write_program(const char *path, uint16_t type, bool interp) {
    struct program p = program_of(type, interp);

    write_file(path, 0755, &p, sizeof(p));
}

static void new_space(void) {
    fakemem_reset();
    tree.proc.stack_size = STACK_SIZE;
    tree.proc.heap_limit = 1 << 20;
    assert_int_equal(mm_new(&tree.proc.mm).no, 0);
}

static void free_space(void) {
    mm_free(tree.proc.mm);
    heap_free(tree.proc.exe_path);
    tree.proc.exe_path = NULL;
    assert_int_equal(mm_budget_used(), 0);
    assert_int_equal(fakemem_pages(), 0);
}

static int start(void **state) {
    tree_start(state);
    mm_budget_set(BUDGET);
    new_space();
    return 0;
}

static int stop(void **state) {
    free_space();
    return tree_stop(state);
}

static err load(const char *path) {
    return exec_load(&tree.task, cspan_of(path, strlen(path)), &g_strings, &g_why);
}

static uint64_t word(uint64_t at) {
    uint64_t v = 0;

    assert_true(fakemem_peek(SPAN_OF(v), at));
    return v;
}

static uint64_t aux(uint64_t type) {
    uint64_t at = tree.task.regs.rsp + 8 * (1 + 3 + 2);

    for (; word(at) != AT_NULL; at += 16) {
        if (word(at) == type)
            return word(at + 8);
    }
    fail_msg("no auxv entry %d", (int)type);
    return 0;
}

/* The three segments of program_of() are at `base`. */
static void assert_loaded(uint64_t base) {
    uint8_t byte = 0;

    assert_int_equal(fakemem_prot(base), PROT_READ);
    assert_int_equal(fakemem_prot(base + 0x1000), PROT_READ | PROT_EXEC);
    assert_int_equal(fakemem_prot(base + 0x2000), PROT_READ | PROT_WRITE);
    assert_int_equal(fakemem_prot(base + 0x3000), PROT_READ | PROT_WRITE);
    for (uint64_t i = 0x1000; i < 0x4000; i++) {
        bool filed = i < 0x1100 || (i >= 0x2000 && i < FILE_SIZE);
        assert_true(fakemem_peek(SPAN_OF(byte), base + i));
        assert_int_equal(byte, filed ? (uint8_t)(i * 7 + 1) : 0);
    }
}

static void assert_fresh_registers(void) {
    const struct regs *r = &tree.task.regs;

    assert_int_equal(r->rsp % 16, 0);
    assert_int_equal(r->rcx, r->rip);
    assert_int_equal(r->rax | r->rdx | r->rbx | r->rbp | r->rsi | r->rdi | r->fsbase, 0);
    assert_int_equal(word(r->rsp), 2);
}

static void a_fixed_program_is_where_its_file_says(void **state) {
    write_program("/p", ELF_TYPE_EXEC, false);
    exec_hwcap_set(0xbfebfbff);
    assert_int_equal(load("/p").no, 0);
    assert_loaded(BASE);
    assert_int_equal(tree.task.regs.rip, BASE + ENTRY);
    assert_fresh_registers();
    assert_int_equal(aux(AT_ENTRY), BASE + ENTRY);
    assert_int_equal(aux(AT_PHDR), BASE + sizeof(struct elf_file_header));
    assert_int_equal(aux(AT_PHNUM), 3);
    assert_int_equal(aux(AT_BASE), 0);
    assert_int_equal(aux(AT_SECURE), 0);
    assert_int_equal(aux(AT_HWCAP), 0xbfebfbff);
    assert_string_equal(tree.proc.exe_path, "/p");
    assert_string_equal(tree.proc.comm, "p");
}

static void the_heap_begins_behind_a_fixed_program(void **state) {
    write_program("/p", ELF_TYPE_EXEC, false);
    assert_int_equal(load("/p").no, 0);
    assert_int_equal(mm_brk(tree.proc.mm, UADDR(0)).va, BASE + 0x4000);
}

static void a_movable_program_lies_at_another_place_each_time(void **state) {
    uint64_t first = 0;

    write_program("/p", ELF_TYPE_DYN, false);
    for (uint64_t i = 0; i < 4; i++) {
        assert_int_equal(load("/p").no, 0);
        uint64_t base = tree.task.regs.rip - ENTRY;
        assert_loaded(base);
        assert_fresh_registers();
        assert_int_equal(aux(AT_ENTRY), base + ENTRY);
        assert_int_equal(aux(AT_BASE), 0);
        assert_true(mm_brk(tree.proc.mm, UADDR(0)).va >= base + 0x4000);
        if (i > 0 && base != first)
            return;
        first = base;
        free_space();
        new_space();
    }
    fail_msg("always at 0x%llx", (unsigned long long)first);
}

static void an_interpreter_is_loaded_and_started_first(void **state) {
    write_program("/p", ELF_TYPE_EXEC, true);
    write_program(INTERP, ELF_TYPE_DYN, false);
    assert_int_equal(load("/p").no, 0);
    assert_loaded(BASE);
    assert_loaded(aux(AT_BASE));
    assert_int_equal(tree.task.regs.rip, aux(AT_BASE) + ENTRY);
    assert_int_equal(aux(AT_ENTRY), BASE + ENTRY);
}

static void what_cannot_be_run_says_why(void **state) {
    struct program p = program_of(ELF_TYPE_EXEC, false);

    assert_int_equal(load("/none").no, ENOENT);
    write_file("/plain", 0644, &p, sizeof(p));
    assert_int_equal(load("/plain").no, EACCES);
    tree_dir("/dir");
    assert_int_equal(load("/dir").no, EACCES);
    write_file("/text", 0755, "#!", 2);
    assert_int_equal(load("/text").no, ENOEXEC);
    assert_non_null(g_why);
    write_file("/empty", 0755, "", 0);
    assert_int_equal(load("/empty").no, ENOEXEC);
    write_file("/cut", 0755, &p, sizeof(p) - 1);
    assert_int_equal(load("/cut").no, ENOEXEC);
    write_program("/dynamic", ELF_TYPE_EXEC, true);
    assert_int_equal(load("/dynamic").no, ENOENT); /* the interpreter is missing */
}

static void a_program_over_itself_is_refused(void **state) {
    write_program("/p", ELF_TYPE_EXEC, true);
    write_program(INTERP, ELF_TYPE_EXEC, false); /* wants the same addresses */
    assert_int_equal(load("/p").no, EEXIST);
}

static void strings_beyond_a_quarter_of_the_stack_are_e2big(void **state) {
    write_program("/p", ELF_TYPE_EXEC, false);
    tree.proc.stack_size = PAGE_SIZE;
    char *text = calloc(1, 2000);
    struct stack_strings s = {.bytes = cspan_of(text, 1), .argc = 1};
    assert_int_equal(exec_load(&tree.task, CSPAN_LIT("/p"), &s, &g_why).no, 0);
    memset(text, 'a', 1999);
    s.bytes.n = 2000;
    free_space();
    new_space();
    tree.proc.stack_size = PAGE_SIZE;
    assert_int_equal(exec_load(&tree.task, CSPAN_LIT("/p"), &s, &g_why).no, E2BIG);
    free(text);
}

static void an_impossible_stack_is_enomem(void **state) {
    static const uint64_t sizes[] = {BUDGET + 1, USER_TOP, UINT64_MAX - PAGE_SIZE, UINT64_MAX};

    write_program("/p", ELF_TYPE_EXEC, false);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        tree.proc.stack_size = sizes[i];
        assert_int_equal(load("/p").no, ENOMEM);
        free_space();
        new_space();
    }
}

static void fail_everywhere(void (*fail_at)(uint64_t)) {
    for (uint64_t n = 1; n < 200; n++) {
        fail_at(n);
        err e = load("/p");
        fail_at(0);
        free_space();
        new_space();
        if (!failed(e))
            return;
        assert_int_equal(e.no, ENOMEM);
    }
    fail_msg("still failing");
}

static void any_failure_is_enomem_and_leaves_nothing(void **state) {
    write_program("/p", ELF_TYPE_EXEC, true);
    write_program(INTERP, ELF_TYPE_DYN, false);
    assert_int_equal(load("/p").no, 0); /* so that names are cached */
    free_space();
    new_space();
    fail_everywhere(heap_fail_at);
    fail_everywhere(fakemem_fail_at);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_fixed_program_is_where_its_file_says),
        TEST(the_heap_begins_behind_a_fixed_program),
        TEST(a_movable_program_lies_at_another_place_each_time),
        TEST(an_interpreter_is_loaded_and_started_first),
        TEST(what_cannot_be_run_says_why),
        TEST(a_program_over_itself_is_refused),
        TEST(strings_beyond_a_quarter_of_the_stack_are_e2big),
        TEST(an_impossible_stack_is_enomem),
        TEST(any_failure_is_enomem_and_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
