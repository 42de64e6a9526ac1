/* SPDX-License-Identifier: BSD-3-Clause
 * Functions are found in this machine's own vDSO and in images of either hash table, and no image
 * makes the search leave it. */
#include "tests/lib/unit.h"

#include <dlfcn.h>
#include <elf.h>
#include <sys/auxv.h>

#include "base/mem.h"
#include "host/run/vdso.h"

#define ENTER "__vdso_sgx_enter_enclave"

static cspan own_image(void) {
    const uint8_t *base = (const uint8_t *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);

    if (base == NULL)
        skip();
    return vdso_image(cspan_of(base, 4096));
}

static void own_vdso_agrees_with_the_dynamic_linker(void **state) {
    static const char *const names[] = {"__vdso_clock_gettime", "__vdso_gettimeofday",
                                        "__vdso_time", "__vdso_getcpu", ENTER};
    cspan image = own_image();
    void *handle = dlopen("linux-vdso.so.1", RTLD_NOW | RTLD_NOLOAD);

    assert_true(image.n > 4096);
    if (handle == NULL)
        skip();
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        uint64_t offset = vdso_find(image, names[i]);
        const void *at = dlsym(handle, names[i]);
        assert_ptr_equal(offset != 0 ? image.p + offset : NULL, at);
    }
    dlclose(handle);
}

static void unknown_name_is_not_found(void **state) {
    cspan image = own_image();

    assert_int_equal(vdso_find(image, "__vdso_clock_gettim"), 0);
    assert_int_equal(vdso_find(image, "__vdso_clock_gettime2"), 0);
    assert_int_equal(vdso_find(image, ""), 0);
}

/* An image with three symbols, of which the last is the one. */
struct image {
    Elf64_Ehdr head;
    Elf64_Phdr segments[2];
    Elf64_Dyn dynamic[5];
    Elf64_Sym symbols[4];
    char names[64];
    uint32_t hash[2 + 1 + 4];
    uint32_t gnu_hash[4 + 2 + 1 + 3];
    uint8_t text[64];
};

static struct image g_image;

#define AT(member) offsetof(struct image, member)

static int good_image(void **state) {
    struct image *g = &g_image;

    *g = (struct image){.hash = {1, 4, 3, 0, 0, 1, 2},
                        .gnu_hash = {1, 1, 1, 0, 0, 0, 1, 2, 4, 7},
                        .names = "\0__vdso_time\0__vdso_sgx_enter_enclave2\0" ENTER};
    mem_copy(g->head.e_ident, ELFMAG, SELFMAG);
    g->head.e_phoff = AT(segments);
    g->head.e_phnum = 2;
    g->segments[0] = (Elf64_Phdr){.p_type = PT_LOAD, .p_memsz = sizeof(*g)};
    g->segments[1] =
        (Elf64_Phdr){.p_type = PT_DYNAMIC, .p_vaddr = AT(dynamic), .p_memsz = sizeof(g->dynamic)};
    g->dynamic[0] = (Elf64_Dyn){DT_SYMTAB, {AT(symbols)}};
    g->dynamic[1] = (Elf64_Dyn){DT_STRTAB, {AT(names)}};
    g->dynamic[2] = (Elf64_Dyn){DT_HASH, {AT(hash)}};
    g->dynamic[3] = (Elf64_Dyn){DT_NULL, {0}};
    g->symbols[1] = (Elf64_Sym){.st_name = 1, .st_shndx = 1, .st_value = AT(text)};
    g->symbols[2] = (Elf64_Sym){.st_name = 13, .st_shndx = 1, .st_value = AT(text) + 8};
    g->symbols[3] = (Elf64_Sym){.st_name = 39, .st_shndx = 1, .st_value = AT(text) + 16};
    return 0;
}

static uint64_t search(void) {
    return vdso_find(CSPAN_OF(g_image), ENTER);
}

static void either_hash_table_will_do(void **state) {
    assert_int_equal(vdso_image(cspan_of(&g_image, sizeof(g_image))).n, sizeof(g_image));
    assert_int_equal(search(), AT(text) + 16);
    g_image.dynamic[2] = (Elf64_Dyn){DT_GNU_HASH, {AT(gnu_hash)}};
    assert_int_equal(search(), AT(text) + 16);
    g_image.dynamic[2] = (Elf64_Dyn){DT_NULL, {0}};
    assert_int_equal(search(), 0);
}

static void image_linked_elsewhere_is_understood(void **state) {
    g_image.segments[0].p_vaddr = 0x1000;
    g_image.segments[1].p_vaddr += 0x1000;
    for (size_t i = 0; i < 3; i++)
        g_image.dynamic[i].d_un.d_ptr += 0x1000;
    g_image.symbols[3].st_value = AT(text) + 16;
    assert_int_equal(search(), AT(text) + 16);
}

static void undefined_symbol_is_not_found(void **state) {
    g_image.symbols[3].st_shndx = 0;
    assert_int_equal(search(), 0);
}

static void what_is_no_image_has_no_functions(void **state) {
    g_image.head.e_ident[0] = 0;
    assert_int_equal(search(), 0);
    assert_int_equal(vdso_image(CSPAN_OF(g_image)).n, 0);
    good_image(NULL);
    g_image.segments[0].p_memsz = 1ull << 40;
    assert_int_equal(vdso_image(CSPAN_OF(g_image)).n, 0);
}

/* The sanitizers watch. */
static void damaged_image_is_harmless(void **state) {
    uint64_t seed = 5;

    for (unsigned round = 0; round < 200000; round++) {
        good_image(NULL);
        if (round % 2 == 0)
            g_image.dynamic[2] = (Elf64_Dyn){DT_GNU_HASH, {AT(gnu_hash)}};
        for (unsigned i = 0; i < 4; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            SPAN_OF(g_image).p[seed % sizeof(g_image)] ^= (uint8_t)(seed >> 40);
        }
        assert_true(search() < sizeof(g_image));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_vdso_agrees_with_the_dynamic_linker),
        cmocka_unit_test(unknown_name_is_not_found),
        cmocka_unit_test_setup(either_hash_table_will_do, good_image),
        cmocka_unit_test_setup(image_linked_elsewhere_is_understood, good_image),
        cmocka_unit_test_setup(undefined_symbol_is_not_found, good_image),
        cmocka_unit_test_setup(what_is_no_image_has_no_functions, good_image),
        cmocka_unit_test_setup(damaged_image_is_harmless, good_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
