/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs are taken in order. Their data must follow each other without a gap, from the end of the
 * header page to the end of the file, so a cursor is all that is needed to see that no byte of the
 * file is used twice or not at all. Whether pages meet is asked for every pair of runs.
 */
#include "host/sgx/file.h"

#include "abi/image/layout.h"
#include "base/trap.h"
#include "host/sgx/measure.h"

static const uint8_t g_zero_page[PAGE_SIZE];

const char *enclave_fault_text(enum enclave_fault fault) {
    static const char *const texts[] = {
        [ENCLAVE_OK] = "the enclave file is well formed",
        [ENCLAVE_BAD_MAGIC] = "this is not an enclave file",
        [ENCLAVE_BAD_VERSION] = "the enclave file has a version this launcher does not know",
        [ENCLAVE_BAD_FILE_SIZE] = "the enclave file is cut off or has bytes behind its end",
        [ENCLAVE_BAD_SIZE] = "the enclave was built for another address range",
        [ENCLAVE_BAD_SSA] = "the enclave was built for another SSA frame size",
        [ENCLAVE_BAD_TCS_COUNT] = "the number of TCS pages is not the one announced or allowed",
        [ENCLAVE_BAD_RUN_COUNT] = "the number of page runs is out of range",
        [ENCLAVE_BAD_RESERVED] = "reserved bytes of the enclave file are not zero",
        [ENCLAVE_BAD_RUN_RESERVED] = "reserved bytes of a page run are not zero",
        [ENCLAVE_BAD_RUN_RANGE] = "a page run lies outside the enclave or is not page aligned",
        [ENCLAVE_BAD_RUN_SECINFO] = "a page run has page permissions or a type that is not allowed",
        [ENCLAVE_BAD_RUN_MEASURE] = "a page run that must be measured is not",
        [ENCLAVE_BAD_RUN_DATA] = "the data of a page run does not follow that of the one before",
        [ENCLAVE_RUNS_OVERLAP] = "two page runs overlap",
        [ENCLAVE_BAD_DATA_END] = "the enclave file has data that belongs to no page run",
    };

    return (size_t)fault < COUNT_OF(texts) ? texts[fault] : "unknown fault";
}

uint64_t enclave_run_page(const struct enclave_run *run, uint64_t i) {
    return run->offset + i * run->stride;
}

uint64_t enclave_run_data(const struct enclave_run *run, uint64_t i) {
    return run->file_offset == 0 ? 0 : run->file_offset + i * PAGE_SIZE;
}

static bool all_zero(cspan s) {
    uint8_t any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= s.p[i];
    return any == 0;
}

static bool is_tcs(const struct enclave_run *run) {
    return run->secinfo == SGX_SECINFO_TCS;
}

static bool secinfo_ok(uint64_t secinfo) {
    const uint64_t page = SGX_SECINFO_REG | SGX_SECINFO_R;

    return secinfo == SGX_SECINFO_TCS || secinfo == page || secinfo == (page | SGX_SECINFO_W) ||
           secinfo == (page | SGX_SECINFO_X);
}

/* The first byte behind the run's last page. */
static bool run_end(uint64_t *end, const struct enclave_run *run) {
    uint64_t span_size;

    return run->page_count > 0 && mul_ok(&span_size, run->page_count - 1, run->stride) &&
           add_ok(&span_size, span_size, PAGE_SIZE) && add_ok(end, run->offset, span_size);
}

static bool range_is_ok(const struct enclave_run *run, uint64_t enclave_size) {
    uint64_t end;

    return is_aligned(run->offset, PAGE_SIZE) && run->offset >= LIBOS_BASE &&
           (run->stride == PAGE_SIZE || run->stride == VCPU_STRIDE) && run_end(&end, run) &&
           end <= enclave_size;
}

/* Moves the cursor behind the run's data. */
static bool data_is_ok(const struct enclave_run *run, uint64_t *cursor, uint64_t file_size) {
    uint64_t size;

    if (run->file_offset == 0)
        return true;
    if (run->file_offset != *cursor || !mul_ok(&size, run->page_count, PAGE_SIZE) ||
        !range_ok(*cursor, size, file_size))
        return false;
    *cursor += size;
    return true;
}

static enum enclave_fault check_run(const struct enclave_run *run, uint64_t *cursor,
                                    const struct enclave_file *f) {
    bool must_measure = is_tcs(run) || (run->secinfo & SGX_SECINFO_X) != 0 || run->file_offset != 0;

    if (run->reserved != 0)
        return ENCLAVE_BAD_RUN_RESERVED;
    if (!range_is_ok(run, f->enclave_size))
        return ENCLAVE_BAD_RUN_RANGE;
    if (!secinfo_ok(run->secinfo))
        return ENCLAVE_BAD_RUN_SECINFO;
    if (run->measure > 1 || (must_measure && run->measure == 0))
        return ENCLAVE_BAD_RUN_MEASURE;
    if (!data_is_ok(run, cursor, f->file_size))
        return ENCLAVE_BAD_RUN_DATA;
    return ENCLAVE_OK;
}

/* Does any page of `a`, whose pages lie close together, coincide with one of `b`? */
static bool meets_dense(const struct enclave_run *a, const struct enclave_run *b) {
    uint64_t a_end = a->offset + a->page_count * PAGE_SIZE;
    uint64_t b_last = enclave_run_page(b, b->page_count - 1);
    uint64_t next = b->offset;

    /* the first page of b at or behind a's start */
    if (next < a->offset)
        next += (a->offset - next + b->stride - 1) / b->stride * b->stride;
    return next <= b_last && next < a_end;
}

static bool runs_meet(const struct enclave_run *a, const struct enclave_run *b) {
    if (a->stride == PAGE_SIZE)
        return meets_dense(a, b);
    if (b->stride == PAGE_SIZE)
        return meets_dense(b, a);
    return a->offset % VCPU_STRIDE == b->offset % VCPU_STRIDE &&
           a->offset <= enclave_run_page(b, b->page_count - 1) &&
           b->offset <= enclave_run_page(a, a->page_count - 1);
}

static enum enclave_fault check_runs(const struct enclave_file *f) {
    uint64_t cursor = sizeof(*f);
    uint64_t tcs_pages = 0;

    for (uint32_t i = 0; i < f->run_count; i++) {
        enum enclave_fault fault = check_run(&f->runs[i], &cursor, f);
        if (fault != ENCLAVE_OK)
            return fault;
        tcs_pages += is_tcs(&f->runs[i]) ? f->runs[i].page_count : 0;
        for (uint32_t j = 0; j < i; j++) {
            if (runs_meet(&f->runs[i], &f->runs[j]))
                return ENCLAVE_RUNS_OVERLAP;
        }
    }
    if (tcs_pages != f->tcs_count)
        return ENCLAVE_BAD_TCS_COUNT;
    return cursor == f->file_size ? ENCLAVE_OK : ENCLAVE_BAD_DATA_END;
}

static bool unused_runs_are_zero(const struct enclave_file *f) {
    for (uint32_t i = f->run_count; i < ENCLAVE_MAX_RUNS; i++) {
        if (!all_zero(CSPAN_OF(f->runs[i])))
            return false;
    }
    return true;
}

enum enclave_fault enclave_file_check(const struct enclave_file *f, uint64_t file_size) {
    if (file_size < sizeof(*f) || f->magic != ENCLAVE_MAGIC)
        return ENCLAVE_BAD_MAGIC;
    if (f->version != ENCLAVE_VERSION)
        return ENCLAVE_BAD_VERSION;
    if (f->file_size != file_size || !is_aligned(file_size, PAGE_SIZE))
        return ENCLAVE_BAD_FILE_SIZE;
    if (f->enclave_size != ELRANGE_SIZE)
        return ENCLAVE_BAD_SIZE;
    if (f->ssa_frame_pages != SSA_FRAME_PAGES)
        return ENCLAVE_BAD_SSA;
    if (f->tcs_count == 0 || f->tcs_count > TCS_COUNT)
        return ENCLAVE_BAD_TCS_COUNT;
    if (f->run_count == 0 || f->run_count > ENCLAVE_MAX_RUNS)
        return ENCLAVE_BAD_RUN_COUNT;
    if (!all_zero(CSPAN_OF(f->reserved)) || !all_zero(CSPAN_OF(f->padding)) ||
        !unused_runs_are_zero(f))
        return ENCLAVE_BAD_RESERVED;
    return check_runs(f);
}

static void measure_run(struct measure *m, const struct enclave_run *run, cspan file) {
    for (uint64_t i = 0; i < run->page_count; i++) {
        uint64_t at = enclave_run_data(run, i);
        cspan page = CSPAN_OF(g_zero_page);

        if (at != 0)
            CHECK(cspan_sub(&page, file, at, PAGE_SIZE));
        if (run->measure == 0)
            page.n = 0;
        measure_page(m, enclave_run_page(run, i), run->secinfo, page);
    }
}

void enclave_file_measure(const struct enclave_file *f, cspan file,
                          uint8_t mrenclave[SHA256_SIZE]) {
    struct measure m;

    measure_begin(&m, f->enclave_size, f->ssa_frame_pages);
    for (uint32_t i = 0; i < f->run_count && i < ENCLAVE_MAX_RUNS; i++)
        measure_run(&m, &f->runs[i], file);
    measure_end(&m, mrenclave);
}
