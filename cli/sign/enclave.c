/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The order of the runs, and so of the measurement:
 *
 *   1. the segments of the LibOS, by address; of each the pages with data, then the zero pages
 *   2. the configuration
 *   3. for all vCPUs together: the TCS, each SSA page, each exception stack page, each boot stack
 *      page
 *
 * A run of 3 is one page of every vCPU, VCPU_STRIDE apart. Its pages but the TCS are not measured:
 * SSA frames and stacks are written before they are read. The zero pages of 1 are: the LibOS
 * relies on zeros there.
 */
#include "cli/sign/enclave.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "cli/say.h"
#include "cli/sign/pages.h"
#include "cli/sign/program.h"
#include "host/sgx/file.h"
#include "host/sgx/sigstruct.h"

#define SECINFO_R  (SGX_SECINFO_REG | SGX_SECINFO_R)
#define SECINFO_RW (SECINFO_R | SGX_SECINFO_W)
#define SECINFO_RX (SECINFO_R | SGX_SECINFO_X)

/* XFRM bits of Intel AMX: its state does not fit the SSA frames we lay out. */
#define XFRM_AMX 0x60000ull

struct build {
    const struct enclave_spec *spec;
    struct elf elf;
    struct pages pages;
    uint64_t segments_end; /* of the last segment that was added, page aligned */
};

static void build_fini_p(struct build **b) {
    if (*b != NULL)
        pages_fini(&(*b)->pages);
    free(*b);
}

void enclave_spec_init(struct enclave_spec *spec, bool debug) {
    const uint64_t loader_choice = SGX_XFRM_AVX | SGX_XFRM_AVX512;

    *spec = (struct enclave_spec){
        .tcs_count = TCS_COUNT,
        .attributes = {SGX_ATTR_MODE64 | (debug ? SGX_ATTR_DEBUG : 0), SGX_XFRM_LEGACY},
        .attribute_mask = {~0ull, ~loader_choice},
        .miscselect = SGX_MISC_EXINFO,
        .miscmask = ~0u,
    };
}

static uint32_t bcd(unsigned v) {
    uint32_t out = 0;

    for (unsigned shift = 0; v > 0; shift += 4, v /= 10)
        out |= (v % 10) << shift;
    return out;
}

err enclave_date(uint32_t *date, const char *source_date_epoch) {
    char *end;
    long long seconds;
    time_t when;
    struct tm day;

    *date = 0;
    if (source_date_epoch == NULL)
        return OK;
    errno = 0;
    seconds = strtoll(source_date_epoch, &end, 10);
    when = (time_t)seconds;
    if (errno != 0 || end == source_date_epoch || *end != '\0' || seconds < 0 ||
        gmtime_r(&when, &day) == NULL || day.tm_year + 1900 > 9999)
        return complain("SOURCE_DATE_EPOCH is \"%s\", not a number of seconds since 1970",
                        source_date_epoch);
    *date = bcd((unsigned)(day.tm_year + 1900) * 10000 + (unsigned)(day.tm_mon + 1) * 100 +
                (unsigned)day.tm_mday);
    return OK;
}

/* ---- 1. the LibOS ---- */

static err segment_check(const struct build *b, const struct elf_segment *s, uint32_t i) {
    uint64_t end;

    if (s->write && s->exec)
        return complain("LibOS segment %u is writable and executable", i);
    if (s->va < LIBOS_BASE || !add_ok(&end, s->va, s->mem_size) || end > CONFIG_BASE)
        return complain("LibOS segment %u lies at 0x%llx, outside of the LibOS range", i,
                        (unsigned long long)s->va);
    if (align_down(s->va, PAGE_SIZE) < b->segments_end)
        return complain("LibOS segment %u shares a page with the one before, or lies below it", i);
    return OK;
}

static uint64_t page_up(uint64_t v) {
    return align_down(v + (PAGE_SIZE - 1), PAGE_SIZE);
}

/* The segment was checked: none of the sums can overflow. */
static err segment_add(struct build *b, const struct elf_segment *s) {
    uint64_t start = align_down(s->va, PAGE_SIZE);
    uint64_t data_end = s->data.n == 0 ? start : page_up(s->va + s->data.n);
    uint64_t end = page_up(s->va + s->mem_size);
    struct enclave_run run = {.offset = start, .stride = PAGE_SIZE, .measure = 1};
    span content;

    run.secinfo = s->exec ? SECINFO_RX : s->write ? SECINFO_RW : SECINFO_R;
    run.page_count = (data_end - start) / PAGE_SIZE;
    if (run.page_count > 0) {
        TRY(pages_add_data(&b->pages, run, &content));
        if (!span_write(content, s->va - start, s->data))
            return complain("a LibOS segment is larger than its pages");
    }
    run.offset = data_end;
    run.page_count = (end - data_end) / PAGE_SIZE;
    if (run.page_count > 0)
        TRY(pages_add_zero(&b->pages, run));
    b->segments_end = end;
    return OK;
}

static err libos_add(struct build *b) {
    struct elf_segment s;

    for (uint32_t i = 0; i < b->elf.segment_count; i++) {
        TRY(elf_segment(&b->elf, i, &s));
        if (!s.load || s.mem_size == 0)
            continue;
        TRY(segment_check(b, &s, i));
        TRY(segment_add(b, &s));
    }
    return b->segments_end > 0 ? OK : complain("the LibOS has no segments to load");
}

/* ---- 2. the configuration ---- */

static err config_add(struct build *b) {
    cspan config = b->spec->config;
    struct enclave_run run = {
        .offset = CONFIG_BASE, .stride = PAGE_SIZE, .secinfo = SECINFO_R, .measure = 1};
    span content;

    if (config.n == 0 || config.n > CONFIG_MAX_SIZE)
        return complain("the configuration has %zu bytes; it must have 1 to %llu", config.n,
                        CONFIG_MAX_SIZE);
    run.page_count = page_up(config.n) / PAGE_SIZE;
    TRY(pages_add_data(&b->pages, run, &content));
    return span_write(content, 0, config) ? OK : complain("the configuration is too large");
}

/* ---- 3. the vCPUs ---- */

/* Do [va, va + size) lie in one segment that is executable or writable, as asked? */
static err segment_with(const struct build *b, uint64_t va, uint64_t size, bool exec, bool *found) {
    struct elf_segment s;

    *found = false;
    for (uint32_t i = 0; i < b->elf.segment_count && !*found; i++) {
        TRY(elf_segment(&b->elf, i, &s));
        *found = s.load && s.exec == exec && s.write == !exec && va >= s.va &&
                 range_ok(va - s.va, size, s.mem_size);
    }
    return OK;
}

struct vcpu_layout {
    uint64_t entry, table, stride;
};

static err vcpu_layout_find(const struct build *b, struct vcpu_layout *v) {
    uint64_t stride_at;
    uint64_t size;
    bool found;

    TRY(elf_symbol(&b->elf, "enclave_entry", &v->entry));
    TRY(elf_symbol(&b->elf, "vcpu_table", &v->table));
    TRY(elf_symbol(&b->elf, "vcpu_stride", &stride_at));
    TRY(elf_number_at(&b->elf, stride_at, &v->stride));
    TRY(segment_with(b, v->entry, 1, true, &found));
    if (!found)
        return complain("\"enclave_entry\" of the LibOS does not lie in executable memory");
    if (v->stride == 0 || !mul_ok(&size, v->stride, (uint64_t)b->spec->tcs_count))
        return complain("\"vcpu_stride\" of the LibOS is %llu", (unsigned long long)v->stride);
    TRY(segment_with(b, v->table, size, false, &found));
    if (!found)
        return complain("\"vcpu_table\" of the LibOS has no room for %u vCPUs", b->spec->tcs_count);
    return OK;
}

/* The fields of struct sgx_tcs that are not zero. The limits of FS and GS bind only 32-bit code. */
static bool tcs_fill(span page, uint64_t index, const struct vcpu_layout *v) {
    uint64_t ssa = VCPU_BASE + index * VCPU_STRIDE + VCPU_SSA;
    uint64_t gs = v->table + index * v->stride;

    return span_put_le64(page, offsetof(struct sgx_tcs, ossa), ssa) &&
           span_put_le32(page, offsetof(struct sgx_tcs, nssa), SSA_FRAMES) &&
           span_put_le64(page, offsetof(struct sgx_tcs, oentry), v->entry) &&
           span_put_le64(page, offsetof(struct sgx_tcs, ogsbase), gs) &&
           span_put_le32(page, offsetof(struct sgx_tcs, fslimit), 0xffffffff) &&
           span_put_le32(page, offsetof(struct sgx_tcs, gslimit), 0xffffffff);
}

static err tcs_add(struct build *b, struct enclave_run run, const struct vcpu_layout *v) {
    span content;
    span page;

    run.secinfo = SGX_SECINFO_TCS;
    run.measure = 1;
    TRY(pages_add_data(&b->pages, run, &content));
    for (uint64_t i = 0; i < run.page_count; i++) {
        if (!span_sub(&page, content, i * PAGE_SIZE, PAGE_SIZE) || !tcs_fill(page, i, v))
            return complain("there is no room for the TCS pages");
    }
    return OK;
}

/* One run for each page of an area that every vCPU has. */
static err area_add(struct build *b, struct enclave_run run, uint64_t area, uint64_t size) {
    run.secinfo = SECINFO_RW;
    for (uint64_t at = 0; at < size; at += PAGE_SIZE) {
        run.offset = VCPU_BASE + area + at;
        TRY(pages_add_zero(&b->pages, run));
    }
    return OK;
}

static err vcpus_add(struct build *b) {
    const struct enclave_run run = {
        .offset = VCPU_BASE + VCPU_TCS, .page_count = b->spec->tcs_count, .stride = VCPU_STRIDE};
    struct vcpu_layout v;

    TRY(vcpu_layout_find(b, &v));
    TRY(tcs_add(b, run, &v));
    TRY(area_add(b, run, VCPU_SSA, SSA_FRAMES * SSA_FRAME_PAGES * PAGE_SIZE));
    TRY(area_add(b, run, VCPU_EXC_STACK, EXC_STACK_SIZE));
    return area_add(b, run, VCPU_BOOT_STACK, BOOT_STACK_SIZE);
}

/* ---- the whole ---- */

static bool is_zero16(const uint8_t id[16]) {
    static const uint8_t zero[16];

    return mem_equal(id, zero, sizeof(zero));
}

static err spec_check(const struct enclave_spec *s) {
    uint64_t xfrm = s->attributes.xfrm | ~s->attribute_mask.xfrm;

    if (s->tcs_count == 0 || s->tcs_count > TCS_COUNT)
        return complain("the enclave would have %u vCPUs; it must have 1 to %llu", s->tcs_count,
                        TCS_COUNT);
    if ((s->attributes.xfrm & SGX_XFRM_LEGACY) != SGX_XFRM_LEGACY)
        return complain("the signed XFRM lacks x87 or SSE");
    if ((xfrm & XFRM_AMX) != 0)
        return complain("AMX is asked for, but its state does not fit an SSA frame");
    if ((s->attributes.flags & SGX_ATTR_KSS) == 0 &&
        !(is_zero16(s->family_id) && is_zero16(s->ext_prod_id)))
        return complain("a family or extended product id needs the KSS attribute (enable_kss)");
    return OK;
}

static void sigstruct_fill(struct sgx_sigstruct *sig, const struct enclave_spec *spec) {
    *sig = (struct sgx_sigstruct){
        .header = {6, 0, 0, 0, 0xe1, 0, 0, 0, 0, 0, 1},
        .header2 = {1, 1, 0, 0, 0x60, 0, 0, 0, 0x60, 0, 0, 0, 1},
        .date = spec->date,
        .miscselect = spec->miscselect,
        .miscmask = spec->miscmask,
        .attributes = spec->attributes,
        .attribute_mask = spec->attribute_mask,
        .isv_prod_id = spec->prod_id,
        .isv_svn = spec->svn,
    };
    mem_copy(sig->isv_family_id, spec->family_id, sizeof(sig->isv_family_id));
    mem_copy(sig->isv_ext_prod_id, spec->ext_prod_id, sizeof(sig->isv_ext_prod_id));
}

static err build_sign(struct build *b, const struct signing_key *key, uint8_t **bytes,
                      size_t *size) {
    struct enclave_file *head = &b->pages.head;
    enum enclave_fault fault = enclave_file_check(head, head->file_size);
    span file;

    if (fault != ENCLAVE_OK)
        return complain("the enclave cannot be laid out: %s", enclave_fault_text(fault));
    sigstruct_fill(&head->sigstruct, b->spec);
    TRY(pages_join(&b->pages, &file.p, &file.n));
    *bytes = file.p;
    *size = file.n;
    enclave_file_measure(head, span_c(file), head->sigstruct.enclave_hash);
    TRY(key_sign(key, &head->sigstruct));
    if (sigstruct_check(&head->sigstruct) != SIGSTRUCT_OK)
        return complain("the new signature is not valid; the signing key is damaged");
    return span_write(file, 0, CSPAN_OF(*head)) ? OK : complain("the enclave is too small");
}

static void head_fill(struct enclave_file *head, const struct enclave_spec *spec) {
    head->magic = ENCLAVE_MAGIC;
    head->version = ENCLAVE_VERSION;
    head->enclave_size = ELRANGE_SIZE;
    head->file_size = sizeof(*head);
    head->ssa_frame_pages = SSA_FRAME_PAGES;
    head->tcs_count = spec->tcs_count;
}

static void bytes_free_p(uint8_t **p) {
    free(*p);
}

err enclave_build(uint8_t **bytes, size_t *size, const struct enclave_spec *spec,
                  const struct signing_key *key) {
    OWNED(build_fini_p) struct build *b = calloc(1, sizeof(*b));
    OWNED(bytes_free_p) uint8_t *out = NULL;
    size_t out_size = 0;

    if (b == NULL)
        return complain("not enough memory for the enclave");
    TRY(spec_check(spec));
    b->spec = spec;
    head_fill(&b->pages.head, spec);
    TRY(elf_open(&b->elf, spec->libos));
    TRY(libos_add(b));
    TRY(config_add(b));
    TRY(vcpus_add(b));
    TRY(build_sign(b, key, &out, &out_size));
    *bytes = GIVE(out);
    *size = out_size;
    return OK;
}
