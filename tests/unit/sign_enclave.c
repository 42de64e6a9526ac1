/* SPDX-License-Identifier: BSD-3-Clause
 * The signer turns a LibOS into an enclave that a loader accepts, the same one each time, and
 * refuses a LibOS that cannot be one. */
#include "tests/lib/unit.h"

#include <elf.h>
#include <unistd.h>

#include "abi/image/layout.h"
#include "base/mem.h"
#include "cli/sign/enclave.h"
#include "cli/sign/program.h"
#include "host/sgx/file.h"
#include "host/sgx/sigstruct.h"
#include "tests/unit/sign_libos.h"
#include "tests/unit/sign_said.h"

static struct signing_key *g_key;

static struct enclave_file *build(size_t *size) {
    uint8_t *bytes = NULL;

    assert_done(enclave_build(&bytes, size, &g_spec, g_key));
    assert_int_equal((uintptr_t)bytes % 8, 0);
    return (struct enclave_file *)(void *)bytes;
}

static void built_enclave_is_accepted_and_identified(void **state) {
    size_t size = 0;
    struct enclave_file *f = build(&size);
    struct enclave_identity id;
    uint8_t mrsigner[SHA256_SIZE];

    assert_int_equal(enclave_file_check(f, size), ENCLAVE_OK);
    assert_int_equal(sigstruct_check(&f->sigstruct), SIGSTRUCT_OK);
    assert_done(enclave_identify(&id, cspan_of(f, size)));
    assert_memory_equal(id.mrenclave, f->sigstruct.enclave_hash, SHA256_SIZE);
    key_mrsigner(g_key, mrsigner);
    assert_memory_equal(id.mrsigner, mrsigner, SHA256_SIZE);
    assert_int_equal(id.prod_id, 7);
    assert_int_equal(id.svn, 3);
    assert_true(id.debug);
    free(f);
}

static void segments_become_pages_of_their_permission(void **state) {
    size_t size = 0;
    struct enclave_file *f = build(&size);
    const struct enclave_run *r = f->runs;

    /* text: two pages; data: one; the bss behind it: two zero pages; configuration: one */
    assert_int_equal(r[0].offset, TEXT_VA);
    assert_int_equal(r[0].page_count, 2);
    assert_int_equal(r[0].secinfo, SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_X);
    assert_memory_equal((uint8_t *)f + r[0].file_offset, g_libos.text, sizeof(g_libos.text));
    assert_int_equal(((uint8_t *)f)[r[0].file_offset + sizeof(g_libos.text)], 0);
    assert_int_equal(r[1].offset, DATA_VA);
    assert_int_equal(r[1].page_count, 1);
    assert_int_equal(r[1].secinfo, SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W);
    assert_int_equal(r[2].offset, DATA_VA + PAGE_SIZE);
    assert_int_equal(r[2].page_count, 2);
    assert_int_equal(r[2].file_offset, 0);
    assert_int_equal(r[2].measure, 1);
    assert_int_equal(r[3].offset, CONFIG_BASE);
    assert_int_equal(r[3].secinfo, SGX_SECINFO_REG | SGX_SECINFO_R);
    free(f);
}

static void each_vcpu_gets_its_tcs_and_stacks(void **state) {
    size_t size = 0;
    struct enclave_file *f = build(&size);
    const struct enclave_run *r = &f->runs[4];
    struct sgx_tcs *tcs = calloc(1, sizeof(*tcs));
    uint64_t unmeasured = 0;

    assert_non_null(tcs);
    assert_int_equal(r->secinfo, SGX_SECINFO_TCS);
    assert_int_equal(r->page_count, 4);
    for (uint64_t i = 0; i < 4; i++) {
        assert_true(cspan_read(SPAN_OF(*tcs), cspan_of(f, size), enclave_run_data(r, i)));
        assert_int_equal(enclave_run_page(r, i), VCPU_BASE + i * VCPU_STRIDE);
        assert_int_equal(tcs->ossa, VCPU_BASE + i * VCPU_STRIDE + VCPU_SSA);
        assert_int_equal(tcs->nssa, SSA_FRAMES);
        assert_int_equal(tcs->oentry, TEXT_VA + 16);
        assert_int_equal(tcs->ogsbase, DATA_VA + 8 + i * STRIDE);
        assert_int_equal(tcs->gslimit, 0xffffffff);
        assert_int_equal(tcs->state | tcs->flags | tcs->cssa | tcs->aep | tcs->ofsbase, 0);
    }
    for (uint32_t i = 5; i < f->run_count; i++) {
        assert_int_equal(f->runs[i].measure, 0);
        assert_int_equal(f->runs[i].stride, VCPU_STRIDE);
        unmeasured += f->runs[i].page_count * PAGE_SIZE;
    }
    assert_int_equal(unmeasured,
                     4 * (SSA_FRAMES * SSA_FRAME_SIZE + EXC_STACK_SIZE + BOOT_STACK_SIZE));
    free(tcs);
    free(f);
}

static void equal_builds_give_equal_bytes(void **state) {
    size_t size = 0;
    size_t again_size = 0;
    struct enclave_file *f = build(&size);
    struct enclave_file *again = build(&again_size);

    assert_int_equal(size, again_size);
    assert_memory_equal(f, again, size);
    free(f);
    free(again);
}

static void measured_with(uint8_t mrenclave[SHA256_SIZE]) {
    size_t size = 0;
    struct enclave_file *f = build(&size);

    mem_copy(mrenclave, f->sigstruct.enclave_hash, SHA256_SIZE);
    free(f);
}

static void every_input_that_matters_is_measured(void **state) {
    uint8_t m[5][SHA256_SIZE];

    measured_with(m[0]);
    g_libos.text[4150] ^= 1;
    measured_with(m[1]);
    g_spec.config = CSPAN_LIT("Configuration");
    measured_with(m[2]);
    g_libos.segments[2].p_memsz += PAGE_SIZE;
    measured_with(m[3]);
    g_spec.tcs_count = 5;
    measured_with(m[4]);
    for (size_t i = 0; i < COUNT_OF(m); i++) {
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(m[i], m[j], SHA256_SIZE);
    }
}

#define REFUSED(change, words)                                                                     \
    do {                                                                                           \
        good_libos(NULL);                                                                          \
        change;                                                                                    \
        assert_said(enclave_build(&bytes, &size, &g_spec, g_key), words);                          \
        assert_null(bytes);                                                                        \
    } while (0)

static void unfit_libos_is_refused_with_the_reason(void **state) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct libos *l = &g_libos;

    REFUSED(l->segments[1].p_flags |= PF_W, "writable and executable");
    REFUSED(l->segments[1].p_vaddr = 0x400000, "outside of the LibOS range");
    REFUSED(l->segments[2].p_memsz = CONFIG_BASE, "outside of the LibOS range");
    REFUSED(l->segments[2].p_memsz = UINT64_MAX, "outside of the LibOS range");
    REFUSED(l->segments[2].p_vaddr -= PAGE_SIZE, "shares a page");
    REFUSED(l->segments[2].p_type = PT_DYNAMIC, "not a plain static executable");
    REFUSED(l->segments[1].p_offset = sizeof(*l), "does not lie in the file");
    REFUSED(l->segments[1].p_filesz = UINT64_MAX, "does not lie in the file");
    REFUSED(l->head.e_phoff = UINT64_MAX - 8, "segment table");
    REFUSED(l->head.e_phnum = 1, "no segments to load");
    REFUSED(l->head.e_type = ET_DYN, "not linked at a fixed address");
    REFUSED(l->head.e_machine = EM_386, "not an x86-64 ELF file");
    REFUSED(l->head.e_ident[0] = 0, "not an ELF file");
    REFUSED(g_spec.libos.n = 10, "not an ELF file");
    REFUSED(l->names[3] = 'X', "no symbol \"enclave_entry\"");
    REFUSED(l->symbols[2].st_shndx = SHN_UNDEF, "no symbol \"vcpu_table\"");
    REFUSED(l->head.e_shnum = 0, "must not be stripped");
    REFUSED(l->symbols[1].st_value = DATA_VA, "does not lie in executable memory");
    REFUSED(l->symbols[2].st_value = TEXT_VA, "has no room");
    REFUSED(g_spec.tcs_count = 32; l->data.stride = 4096, "has no room");
    REFUSED(l->data.stride = UINT64_MAX, "\"vcpu_stride\"");
    REFUSED(l->data.stride = 0, "\"vcpu_stride\"");
    REFUSED(l->symbols[3].st_value = DATA_VA + 0x2000, "no data at");
}

/* 18 more segments of zeros, from a table that takes the place of the text. */
static void too_many_segments_are_refused(void **state) {
    Elf64_Phdr table[20];
    uint8_t *bytes = NULL;
    size_t size = 0;

    table[0] = g_libos.segments[1];
    table[1] = g_libos.segments[2];
    for (size_t i = 2; i < COUNT_OF(table); i++) {
        table[i] = segment(PF_R | PF_W, 0, DATA_VA + i * 0x10000, 0);
        table[i].p_memsz = PAGE_SIZE;
    }
    mem_copy(g_libos.text, table, sizeof(table));
    g_libos.head.e_phoff = offsetof(struct libos, text);
    g_libos.head.e_phnum = COUNT_OF(table);
    assert_said(enclave_build(&bytes, &size, &g_spec, g_key), "more than 40 page runs");
}

static void unfit_settings_are_refused_with_the_reason(void **state) {
    uint8_t *bytes = NULL;
    size_t size = 0;

    REFUSED(g_spec.config.n = 0, "configuration has 0 bytes");
    REFUSED(g_spec.config.n = CONFIG_MAX_SIZE + 1, "configuration has 1048577 bytes");
    REFUSED(g_spec.tcs_count = 0, "0 vCPUs");
    REFUSED(g_spec.tcs_count = TCS_COUNT + 1, "33 vCPUs");
    REFUSED(g_spec.attributes.xfrm = 1, "lacks x87 or SSE");
    REFUSED(g_spec.attributes.xfrm |= 0x60000, "AMX");
    REFUSED(g_spec.attribute_mask.xfrm = 0, "AMX");
    REFUSED(g_spec.family_id[3] = 1, "KSS");
    good_libos(NULL);
    g_spec.family_id[3] = 1;
    g_spec.attributes.flags |= SGX_ATTR_KSS;
    free(build(&size));
}

static void damaged_file_has_no_identity(void **state) {
    size_t size = 0;
    struct enclave_file *f = build(&size);
    struct enclave_identity id;

    ((uint8_t *)f)[size - 1] ^= 1;
    assert_said(enclave_identify(&id, cspan_of(f, size)), "measurement is not the signed one");
    ((uint8_t *)f)[size - 1] ^= 1;
    f->sigstruct.isv_svn++;
    assert_said(enclave_identify(&id, cspan_of(f, size)), "does not belong to what was signed");
    assert_said(enclave_identify(&id, cspan_of(f, size - PAGE_SIZE)), "cut off");
    assert_said(enclave_identify(&id, cspan_of(f, 100)), "not an enclave file");
    free(f);
}

/* Runs tests/e2e/mrenclave.py, which was written from the format alone; its exit status. */
static int second_opinion(const void *file, size_t size, char said[256]) {
    char path[] = "/tmp/sign_enclave.XXXXXX";
    char command[1024];
    int fd = mkstemp(path);
    size_t n;
    FILE *out;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, file, size), size);
    assert_int_equal(close(fd), 0);
    (void)snprintf(command, sizeof(command), "python3 '%s/../e2e/mrenclave.py' '%s' 2>&1",
                   getenv("TEST_VECTORS"), path);
    out = popen(command, "r");
    assert_non_null(out);
    n = fread(said, 1, 255, out);
    said[n] = '\0';
    assert_int_equal(unlink(path), 0);
    return pclose(out);
}

static void independent_calculator_agrees(void **state) {
    size_t size = 0;
    struct enclave_file *f = build(&size);
    struct enclave_identity id;
    char enclave[MEASUREMENT_TEXT];
    char signer[MEASUREMENT_TEXT];
    char said[256];
    char expected[256];

    assert_done(enclave_identify(&id, cspan_of(f, size)));
    measurement_print(enclave, id.mrenclave);
    measurement_print(signer, id.mrsigner);
    (void)snprintf(expected, sizeof(expected), "mrenclave %s\nmrsigner %s\n", enclave, signer);
    assert_int_equal(second_opinion(f, size, said), 0);
    assert_string_equal(said, expected);
    f->runs[2].page_count++;
    assert_int_not_equal(second_opinion(f, size, said), 0);
    assert_non_null(strstr(said, "the measurement is not the signed one"));
    f->sigstruct.date++;
    assert_int_not_equal(second_opinion(f, size, said), 0);
    assert_non_null(strstr(said, "the signature is not valid"));
    free(f);
}

/* Damages one to three bytes of the headers and tables. */
static void damage_libos(uint64_t *seed) {
    for (unsigned i = 0; i < 3; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        SPAN_OF(g_libos).p[*seed % offsetof(struct libos, text)] ^= (uint8_t)(*seed >> 40);
    }
}

/* Whatever the file says, the signer stays inside it (the sanitizers watch). Signing is slow, so
 * only some are built. */
static void damaged_libos_is_refused_or_harmless(void **state) {
    uint64_t seed = 99;
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct elf elf;
    uint64_t value;

    for (unsigned round = 0; round < 20000; round++) {
        good_libos(NULL);
        damage_libos(&seed);
        if (failed(elf_open(&elf, CSPAN_OF(g_libos))))
            continue;
        if (!failed(elf_symbol(&elf, "vcpu_stride", &value)))
            (void)failed(elf_number_at(&elf, value, &value));
        if (round % 20 != 0)
            continue;
        if (!failed(enclave_build(&bytes, &size, &g_spec, g_key)))
            free(bytes);
    }
}

static void date_comes_from_the_environment_or_is_zero(void **state) {
    uint32_t date = 1;

    assert_done(enclave_date(&date, NULL));
    assert_int_equal(date, 0);
    assert_done(enclave_date(&date, "1700000000"));
    assert_int_equal(date, 0x20231114);
    assert_said(enclave_date(&date, "today"), "SOURCE_DATE_EPOCH");
    assert_said(enclave_date(&date, "12 "), "SOURCE_DATE_EPOCH");
    assert_said(enclave_date(&date, ""), "SOURCE_DATE_EPOCH");
    assert_said(enclave_date(&date, "-1"), "SOURCE_DATE_EPOCH");
    assert_said(enclave_date(&date, "99999999999999999999"), "SOURCE_DATE_EPOCH");
}

static int make_key(void **state) {
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/sigstruct/sig1.key.pem", getenv("TEST_VECTORS"));
    return failed(key_load_any(&g_key, path));
}

static int drop_key(void **state) {
    key_free(g_key);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(built_enclave_is_accepted_and_identified, good_libos),
        cmocka_unit_test_setup(segments_become_pages_of_their_permission, good_libos),
        cmocka_unit_test_setup(each_vcpu_gets_its_tcs_and_stacks, good_libos),
        cmocka_unit_test_setup(equal_builds_give_equal_bytes, good_libos),
        cmocka_unit_test_setup(every_input_that_matters_is_measured, good_libos),
        cmocka_unit_test_setup(unfit_libos_is_refused_with_the_reason, good_libos),
        cmocka_unit_test_setup(too_many_segments_are_refused, good_libos),
        cmocka_unit_test_setup(unfit_settings_are_refused_with_the_reason, good_libos),
        cmocka_unit_test_setup(damaged_file_has_no_identity, good_libos),
        cmocka_unit_test_setup(independent_calculator_agrees, good_libos),
        cmocka_unit_test_setup(damaged_libos_is_refused_or_harmless, good_libos),
        cmocka_unit_test(date_comes_from_the_environment_or_is_zero),
    };
    return cmocka_run_group_tests(tests, make_key, drop_key);
}
