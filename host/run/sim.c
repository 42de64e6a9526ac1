/* SPDX-License-Identifier: BSD-3-Clause
 *
 * SIM: the enclave is ordinary memory of this process, at the addresses it has in every mode. Pages
 * are mapped from the enclave file; after the measurement proved equal to the signed one, EEXIT
 * becomes a jump, so entering and leaving costs a few instructions. The vCPU pages (strided runs)
 * are mapped when a TCS is first entered: a run with one vCPU does not pay for 32.
 */
#include "host/run/sim.h"
#include "abi/image/layout.h"
#include "base/err.h"
#include "base/mem.h"
#include "host/run/say.h"
#include "host/run/sys.h"
#include "host/sgx/sigstruct.h"

#define ENCLU_SIZE 3
#define MOV_SIZE   5

static const struct enclave_source *g_source;
static const struct enclave_run *g_strided[ENCLAVE_MAX_RUNS];
static uint32_t g_strided_count;
static bool g_mapped[TCS_COUNT];

static void sim_create(const struct sgx_secs *secs, const struct sgx_sigstruct *sigstruct) {
    int64_t at = sys_mmap(USER_BASE, secs->size - USER_BASE, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

    if (at == -ENOMEM)
        die(EXIT_REFUSED,
            "cannot reserve %llu GiB of address space for the enclave: a limit on "
            "virtual memory is set (see `ulimit -v`); remove it and run again",
            (unsigned long long)(secs->size >> 30));
    if (at != (int64_t)USER_BASE)
        die(EXIT_REFUSED,
            "cannot reserve the enclave's addresses from 0x%llx on (errno %lld); is "
            "vm.mmap_min_addr above 65536?",
            (unsigned long long)USER_BASE, (long long)-at);
}

static int run_prot(const struct enclave_run *run) {
    int prot = 0;

    if ((run->secinfo & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS)
        return PROT_READ | PROT_WRITE;
    if (run->secinfo & SGX_SECINFO_R)
        prot |= PROT_READ;
    if (run->secinfo & SGX_SECINFO_W)
        prot |= PROT_WRITE;
    if (run->secinfo & SGX_SECINFO_X)
        prot |= PROT_EXEC;
    return prot;
}

/* `count` pages at `offset` from the run's data, `index` pages into it. */
static void map_pages(const struct enclave_run *run, uint64_t offset, uint64_t index,
                      uint64_t count) {
    int flags = MAP_PRIVATE | MAP_FIXED;
    int64_t at;

    if (run->file_offset == 0)
        at = sys_mmap(offset, count * PAGE_SIZE, run_prot(run), flags | MAP_ANONYMOUS, -1, 0);
    else
        at = sys_mmap(offset, count * PAGE_SIZE, run_prot(run), flags, g_source->fd,
                      run->file_offset + index * PAGE_SIZE);
    if (at != (int64_t)offset)
        die(EXIT_REFUSED, "%s: cannot map the enclave page at 0x%llx (errno %lld)", g_source->path,
            (unsigned long long)offset, (long long)-at);
}

static void sim_add(const struct enclave_source *source, const struct enclave_run *run) {
    g_source = source;
    if (run->stride == PAGE_SIZE)
        map_pages(run, run->offset, 0, run->page_count);
    else
        g_strided[g_strided_count++] = run;
}

static struct sgx_tcs *tcs_at(uint32_t tcs) {
    return (struct sgx_tcs *)(uintptr_t)(VCPU_BASE + tcs * VCPU_STRIDE + VCPU_TCS);
}

void sim_map_vcpu(uint32_t tcs) {
    for (uint32_t i = 0; i < g_strided_count; i++) {
        const struct enclave_run *run = g_strided[i];
        if (tcs < run->page_count)
            map_pages(run, run->offset + tcs * run->stride, tcs, 1);
    }
    g_mapped[tcs] = true;
}

/* EEXIT: RBX holds the target, so `jmp *%rbx; nop` does the same in the same three bytes. The other
 * leaves agree to what the host did: `xor %eax, %eax; nop`. */
static void patch_site(uint8_t insn[ENCLU_SIZE], uint8_t leaf) {
    static const uint8_t leave[ENCLU_SIZE] = {0xff, 0xe3, 0x90};
    static const uint8_t agree[ENCLU_SIZE] = {0x31, 0xc0, 0x90};

    mem_copy(insn, leaf == SGX_EEXIT ? leave : agree, ENCLU_SIZE);
}

static void patch_leaves(void) {
    static const uint8_t enclu[ENCLU_SIZE] = {0x0f, 0x01, 0xd7};
    uint64_t entry = tcs_at(0)->oentry;
    uint64_t page = entry & ~(PAGE_SIZE - 1);
    uint8_t *code = (uint8_t *)(uintptr_t)entry;
    uint32_t exits = 0, others = 0;

    if (sys_call3(SYS_mprotect, page, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE) != 0)
        die(EXIT_REFUSED, "cannot prepare the enclave's exit code");
    for (uint32_t i = MOV_SIZE; i + ENCLU_SIZE <= ENTRY_TEXT_SIZE; i++) {
        if (!mem_equal(code + i, enclu, ENCLU_SIZE))
            continue;
        uint8_t leaf = code[i - MOV_SIZE + 1]; /* mov $leaf, %eax */
        patch_site(code + i, leaf);
        exits += leaf == SGX_EEXIT;
        others += leaf != SGX_EEXIT;
    }
    if (exits != ENTRY_EEXIT_SITES || others != ENTRY_OTHER_SITES)
        die(EXIT_REFUSED, "the enclave has other exits than this launcher expects: they do not "
                          "belong together; run `occlum build` again");
    if (sys_call3(SYS_mprotect, page, 2 * PAGE_SIZE, PROT_READ | PROT_EXEC) != 0)
        die(EXIT_REFUSED, "cannot protect the enclave's exit code again");
}

static void sim_init(const struct sgx_sigstruct *sigstruct, const struct sgx_secs *secs) {
    sim_map_vcpu(0);
    sim_signals_start(tcs_at(0));
    patch_leaves();
}

struct sgx_gpr *sim_ssa_gpr(const struct sgx_tcs *tcs, uint32_t cssa) {
    return (struct sgx_gpr *)(uintptr_t)(tcs->ossa + (cssa + 1) * SSA_FRAME_SIZE -
                                         sizeof(struct sgx_gpr));
}

static uint64_t g_exit_cycles;

void sim_exit_cycles(uint64_t cycles) {
    g_exit_cycles = cycles;
}

static uint64_t timestamp(void) {
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Makes an exit and the next entry cost what they cost on hardware, for benchmarks. */
static void burn(uint64_t cycles) {
    uint64_t until = timestamp() + cycles;

    while (timestamp() < until)
        __builtin_ia32_pause();
}

static struct enclave_exit sim_enter(uint32_t tcs, uint64_t rdi) {
    if (g_exit_cycles != 0)
        burn(g_exit_cycles);
    if (!g_mapped[tcs])
        sim_map_vcpu(tcs);
    return sim_eenter(tcs_at(tcs), 0, rdi, sim_ssa_gpr(tcs_at(tcs), 0));
}

static int64_t map_fresh(uint64_t addr, uint64_t size, int prot) {
    int64_t at =
        sys_mmap(addr, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);

    return at < 0 ? at : 0;
}

static int64_t sim_commit(uint64_t addr, uint64_t size) {
    return map_fresh(addr, size, PROT_READ | PROT_WRITE);
}

static int64_t sim_protect(uint64_t addr, uint64_t size, uint32_t prot) {
    return sys_call3(SYS_mprotect, addr, size, prot);
}

/* Nothing is tracked in SIM: the enclave agrees at once. */
static int64_t sim_trim(uint64_t addr, uint64_t size) {
    return 0;
}

static int64_t sim_release(uint64_t addr, uint64_t size) {
    return map_fresh(addr, size, PROT_NONE);
}

const struct backend sim_backend = {.name = "SIM",
                                    .kicks = true,
                                    .create = sim_create,
                                    .add = sim_add,
                                    .init = sim_init,
                                    .commit = sim_commit,
                                    .protect = sim_protect,
                                    .trim = sim_trim,
                                    .release = sim_release,
                                    .enter = sim_enter};
