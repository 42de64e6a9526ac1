/* SPDX-License-Identifier: BSD-3-Clause
 * A loader that walks a file which passed the check never leaves the file or the measured part of
 * ELRANGE and never meets a page twice, whatever the file says. */
#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "base/mem.h"
#include "host/sgx/file.h"

#define RX (SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_X)
#define RW (SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W)

static uint64_t g_seed = 7;

static uint64_t next_random(void) {
    g_seed ^= g_seed << 13;
    g_seed ^= g_seed >> 7;
    g_seed ^= g_seed << 17;
    return g_seed;
}

/* Two pages of code, three of bss, and for four vCPUs the TCS and one unmeasured page. */
static void good_file(struct enclave_file *f) {
    mem_zero(f, sizeof(*f));
    f->magic = ENCLAVE_MAGIC;
    f->version = ENCLAVE_VERSION;
    f->enclave_size = ELRANGE_SIZE;
    f->ssa_frame_pages = SSA_FRAME_PAGES;
    f->tcs_count = 4;
    f->run_count = 4;
    f->runs[0] = (struct enclave_run){LIBOS_BASE, 2, PAGE_SIZE, RX, 1, 0, 4096};
    f->runs[1] = (struct enclave_run){LIBOS_BASE + 2 * PAGE_SIZE, 3, PAGE_SIZE, RW, 1, 0, 0};
    f->runs[2] = (struct enclave_run){VCPU_BASE, 4, VCPU_STRIDE,         SGX_SECINFO_TCS,
                                      1,         0, 4096 + 2 * PAGE_SIZE};
    f->runs[3] = (struct enclave_run){VCPU_BASE + PAGE_SIZE, 4, VCPU_STRIDE, RW, 0, 0, 0};
    f->file_size = 7 * PAGE_SIZE;
}

static void good_file_is_accepted(void **state) {
    static struct enclave_file f;

    good_file(&f);
    assert_string_equal(enclave_fault_text(enclave_file_check(&f, f.file_size)),
                        "the enclave file is well formed");
}

static void each_fault_is_named(void **state) {
    static struct enclave_file f;

#define REFUSED(change, fault)                                                                     \
    do {                                                                                           \
        good_file(&f);                                                                             \
        change;                                                                                    \
        assert_int_equal(enclave_file_check(&f, 7 * PAGE_SIZE), fault);                            \
    } while (0)

    REFUSED(f.magic ^= 1, ENCLAVE_BAD_MAGIC);
    REFUSED(f.version = 2, ENCLAVE_BAD_VERSION);
    REFUSED(f.file_size += PAGE_SIZE, ENCLAVE_BAD_FILE_SIZE);
    REFUSED(f.enclave_size = ELRANGE_SIZE * 2, ENCLAVE_BAD_SIZE);
    REFUSED(f.ssa_frame_pages = 2, ENCLAVE_BAD_SSA);
    REFUSED(f.tcs_count = 3, ENCLAVE_BAD_TCS_COUNT);
    REFUSED(f.tcs_count = TCS_COUNT + 1, ENCLAVE_BAD_TCS_COUNT);
    REFUSED(f.run_count = ENCLAVE_MAX_RUNS + 1, ENCLAVE_BAD_RUN_COUNT);
    REFUSED(f.run_count = 0, ENCLAVE_BAD_RUN_COUNT);
    REFUSED(f.padding[0] = 1, ENCLAVE_BAD_RESERVED);
    REFUSED(f.reserved[2] = 1, ENCLAVE_BAD_RESERVED);
    REFUSED(f.runs[4].offset = 1, ENCLAVE_BAD_RESERVED);
    REFUSED(f.runs[1].reserved = 1, ENCLAVE_BAD_RUN_RESERVED);
    REFUSED(f.runs[1].offset += 1, ENCLAVE_BAD_RUN_RANGE);
    REFUSED(f.runs[1].offset = USER_BASE, ENCLAVE_BAD_RUN_RANGE);
    REFUSED(f.runs[1].page_count = UINT64_MAX / PAGE_SIZE, ENCLAVE_BAD_RUN_RANGE);
    REFUSED(f.runs[1].page_count = 0, ENCLAVE_BAD_RUN_RANGE);
    REFUSED(f.runs[1].stride = 0, ENCLAVE_BAD_RUN_RANGE);
    REFUSED(f.runs[1].secinfo |= SGX_SECINFO_X, ENCLAVE_BAD_RUN_SECINFO);
    REFUSED(f.runs[1].secinfo |= SGX_SECINFO_PENDING, ENCLAVE_BAD_RUN_SECINFO);
    REFUSED(f.runs[0].measure = 0, ENCLAVE_BAD_RUN_MEASURE);
    REFUSED(f.runs[3].measure = 2, ENCLAVE_BAD_RUN_MEASURE);
    REFUSED(f.runs[2].file_offset = 4096, ENCLAVE_BAD_RUN_DATA);
    REFUSED(f.runs[0].page_count = 100, ENCLAVE_BAD_RUN_DATA);
    REFUSED(f.runs[1].offset -= PAGE_SIZE, ENCLAVE_RUNS_OVERLAP);
    REFUSED(f.runs[3].offset -= PAGE_SIZE, ENCLAVE_RUNS_OVERLAP);
    REFUSED(f.runs[1].offset = VCPU_BASE + 2 * VCPU_STRIDE - PAGE_SIZE, ENCLAVE_RUNS_OVERLAP);
    REFUSED(f.runs[0].page_count = 1; f.runs[2].file_offset -= PAGE_SIZE, ENCLAVE_BAD_DATA_END);
#undef REFUSED
    good_file(&f);
    assert_int_equal(enclave_file_check(&f, 100), ENCLAVE_BAD_MAGIC);
}

/* Every page once in a bitmap of the measured part of ELRANGE; every data page in the file. */
static void walk(const struct enclave_file *f) {
    static uint8_t seen[(ELRANGE_SIZE - LIBOS_BASE) / PAGE_SIZE];

    mem_zero(seen, sizeof(seen));
    for (uint32_t r = 0; r < f->run_count; r++) {
        for (uint64_t i = 0; i < f->runs[r].page_count; i++) {
            uint64_t at = enclave_run_page(&f->runs[r], i);
            uint64_t data = enclave_run_data(&f->runs[r], i);

            assert_true(at >= LIBOS_BASE && at <= ELRANGE_SIZE - PAGE_SIZE);
            assert_int_equal(at % PAGE_SIZE, 0);
            assert_int_equal(seen[(at - LIBOS_BASE) / PAGE_SIZE]++, 0);
            assert_true(data == 0 || (data >= 4096 && data <= f->file_size - PAGE_SIZE));
        }
    }
}

static uint64_t odd_value(void) {
    static const uint64_t odd[] = {0,         1,         2,           4096,
                                   PAGE_SIZE, VCPU_BASE, LIBOS_BASE,  ELRANGE_SIZE,
                                   RX,        RW,        VCPU_STRIDE, UINT64_MAX};
    uint64_t v = odd[next_random() % COUNT_OF(odd)];

    return wrap_add(v, wrap_mul(next_random() % 5, next_random() % 2 == 0 ? PAGE_SIZE : 1));
}

static void change_a_run(struct enclave_run *run) {
    switch (next_random() % 6) {
    case 0:
        run->offset = wrap_add(run->offset, wrap_mul(PAGE_SIZE, next_random() % 130 - 65));
        return;
    case 1:
        run->page_count = next_random() % 300;
        return;
    case 2:
        run->stride = next_random() % 2 == 0 ? PAGE_SIZE : VCPU_STRIDE;
        return;
    case 3:
        run->file_offset = odd_value();
        return;
    case 4:
        run->offset = odd_value();
        return;
    default:
        run->secinfo = odd_value();
        return;
    }
}

static void random_files_are_refused_or_harmless(void **state) {
    static struct enclave_file f;
    unsigned accepted = 0;

    for (unsigned round = 0; round < 200000; round++) {
        good_file(&f);
        for (uint64_t n = next_random() % 3; n-- > 0;)
            change_a_run(&f.runs[next_random() % 4]);
        if (next_random() % 4 == 0)
            SPAN_OF(f).p[next_random() % sizeof(f)] ^= (uint8_t)(1u << (next_random() % 8));
        if (enclave_file_check(&f, 7 * PAGE_SIZE) != ENCLAVE_OK)
            continue;
        if (accepted++ % 16 == 0)
            walk(&f);
    }
    assert_true(accepted > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_file_is_accepted),
        cmocka_unit_test(each_fault_is_named),
        cmocka_unit_test(random_files_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
