/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Building the enclave, in the driver's order:
 *
 *   open /dev/sgx_enclave
 *   mmap of ELRANGE without its first 64 KiB, so that SECS.BASE can be 0
 *   CREATE (SECS), ADD_PAGES run by run in the measured order, INIT (SIGSTRUCT)
 *
 * Mappings of this device never merge, whatever their permissions, and a process may have 65530 of
 * them. So the parts where pages come and go are mapped once, with every permission they may ever
 * need, and stay as they are: what a page really allows is in the EPCM, which the enclave controls
 * and the page tables cannot exceed. A page that nobody accepted faults there like a hole.
 */
#include "host/run/hw.h"

#include "abi/image/layout.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/run/emu.h"
#include "host/run/say.h"
#include "host/run/sys.h"
#include "host/sgx/file.h"
#include "host/sgx/sigstruct.h"

#define PROT_RW (PROT_READ | PROT_WRITE)
/* What fits an SSA frame and the enclave saves and wipes (XSAVE_MASK of entry.S). */
#define XFRM_CHOICE (SGX_XFRM_AVX | SGX_XFRM_AVX512)
#define VCPU_END    (VCPU_BASE + TCS_COUNT * VCPU_STRIDE)

struct hw hw;

static struct sgx_secs g_secs ALIGNED(4096); /* as the CPU gets it */
static const uint8_t g_zero_page[PAGE_SIZE] ALIGNED(4096);

void hw_start(const struct sgx_device *device, const struct hw_cpu *cpu) {
    const char *lack = hw_cpu_lacks(cpu);

    if (lack != NULL)
        die(EXIT_REFUSED, "SGX mode HW: %s; use SIM or EMU", lack);
    hw = (struct hw){.device = device, .cpu = *cpu, .fd = -1};
}

static void map(uint64_t start, uint64_t end, int prot) {
    int64_t at = hw.device->mmap(start, end - start, prot, MAP_SHARED | MAP_FIXED, hw.fd);

    if (at != (int64_t)start)
        hw_refuse(HW_MAP, at);
}

static void reserve(uint64_t size) {
    int64_t at = hw.device->mmap(USER_BASE, size - USER_BASE, PROT_NONE,
                                 MAP_SHARED | MAP_FIXED_NOREPLACE, hw.fd);

    if (at != (int64_t)USER_BASE)
        hw_refuse(HW_RESERVE, at);
    map(USER_BASE, KHEAP_BASE, PROT_RW | PROT_EXEC);
    map(KHEAP_BASE, LIBOS_BASE, PROT_RW);
    map(VCPU_BASE, VCPU_END, PROT_RW);
}

/* An ioctl that is done as a whole or, interrupted, not at all. */
static void whole(enum hw_step step, uint32_t request, uint64_t arg) {
    int64_t e;

    do
        e = hw.device->ioctl(hw.fd, request, arg);
    while (e == -EINTR);
    if (e != 0)
        hw_refuse(step, e);
}

/* Extended states that the signature leaves open are taken as the CPU has them; who the enclave is,
 * the CPU finds out by itself. */
static void hw_create(const struct sgx_secs *secs, const struct sgx_sigstruct *sigstruct) {
    struct hw_create create = {.src = PTR(&g_secs)};
    int64_t fd = hw.device->open();

    if (fd < 0)
        hw_refuse(HW_OPEN, fd);
    hw.fd = (int)fd;
    mem_copy(&g_secs, secs, sizeof(g_secs));
    mem_zero(g_secs.mrenclave, sizeof(g_secs.mrenclave));
    mem_zero(g_secs.mrsigner, sizeof(g_secs.mrsigner));
    g_secs.base = 0;
    g_secs.attributes.xfrm |= ~sigstruct->attribute_mask.xfrm & XFRM_CHOICE;
    g_secs.attributes.xfrm &= hw.cpu.xfrm | SGX_XFRM_LEGACY;
    epcm_init(secs->size);
    reserve(secs->size);
    whole(HW_CREATE, HW_IOC_CREATE, PTR(&create));
}

static void advance(struct hw_add_pages *a) {
    if (a->count > a->length || !is_aligned(a->count, PAGE_SIZE))
        die(EXIT_REFUSED, "SGX mode HW: the driver claims to have added %llu of %llu bytes",
            (unsigned long long)a->count, (unsigned long long)a->length);
    a->src += a->count;
    a->offset += a->count;
    a->length -= a->count;
}

/* The driver stops early for a signal, and says how far it came. */
static void add_pages(const struct enclave_run *run, uint64_t offset, uint64_t src,
                      uint64_t length) {
    struct sgx_secinfo info ALIGNED(64) = {.flags = run->secinfo};
    struct hw_add_pages a = {.src = src,
                             .offset = offset,
                             .length = length,
                             .secinfo = PTR(&info),
                             .flags = run->measure != 0 ? HW_ADD_MEASURE : 0};

    while (a.length > 0) {
        a.count = 0;
        int64_t e = hw.device->ioctl(hw.fd, HW_IOC_ADD_PAGES, PTR(&a));
        advance(&a);
        if (e != -EINTR && e != -EAGAIN && (e != 0 || a.count == 0))
            hw_refuse(HW_ADD, e);
    }
}

static int run_prot(const struct enclave_run *run) {
    if ((run->secinfo & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS)
        return PROT_RW;
    return (int)(run->secinfo & (SGX_SECINFO_R | SGX_SECINFO_W | SGX_SECINFO_X));
}

static void add_one(const struct enclave_source *source, const struct enclave_run *run,
                    uint64_t i) {
    uint64_t data = enclave_run_data(run, i);
    uint64_t page = enclave_run_page(run, i);
    int prot = run_prot(run);

    add_pages(run, page, data != 0 ? PTR(source->file) + data : PTR(g_zero_page), PAGE_SIZE);
    if (prot != PROT_RW || page < VCPU_BASE || page >= VCPU_END)
        map(page, page + PAGE_SIZE, prot);
}

static void hw_add(const struct enclave_source *source, const struct enclave_run *run) {
    uint8_t entry = (uint8_t)(EPCM_VALID | (run->secinfo & (EPCM_R | EPCM_W | EPCM_X)));
    uint64_t size = run->page_count * PAGE_SIZE;

    if ((run->secinfo & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS)
        entry = EPCM_VALID | EPCM_TCS;
    for (uint64_t i = 0; i < run->page_count; i++)
        epcm_set(enclave_run_page(run, i), entry);
    if (run->stride != PAGE_SIZE) {
        for (uint64_t i = 0; i < run->page_count; i++)
            add_one(source, run, i);
        return;
    }
    if (run->file_offset != 0) {
        add_pages(run, run->offset, PTR(source->file) + run->file_offset, size);
    } else {
        for (uint64_t i = 0; i < run->page_count; i++)
            add_pages(run, enclave_run_page(run, i), PTR(g_zero_page), PAGE_SIZE);
    }
    map(run->offset, run->offset + size, run_prot(run));
}

/* EINIT would refuse an enclave that insists on what the CPU lacks with a number; so does this,
 * with the reason. */
static void hw_init(const struct sgx_sigstruct *sigstruct, const struct sgx_secs *secs) {
    struct hw_init init = {.sigstruct = PTR(sigstruct)};

    mem_copy(g_secs.mrenclave, secs->mrenclave, sizeof(g_secs.mrenclave));
    mem_copy(g_secs.mrsigner, secs->mrsigner, sizeof(g_secs.mrsigner));
    if (sigstruct_match(sigstruct, &g_secs) == SIGSTRUCT_OTHER_ATTRIBUTES)
        hw_refuse(HW_INIT, -EINVAL);
    whole(HW_INIT, HW_IOC_INIT, PTR(&init));
    hw.device->catch_signals(hw_on_signal);
}

const struct backend hw_backend = {.name = "HW",
                                   .create = hw_create,
                                   .add = hw_add,
                                   .init = hw_init,
                                   .commit = hw_commit,
                                   .protect = hw_protect,
                                   .trim = hw_trim,
                                   .release = hw_release,
                                   .enter = hw_enter};
