/* SPDX-License-Identifier: BSD-3-Clause
 *
 * EMU as a back end. Pages are mapped as in SIM, but a page counts only by its EPCM entry: added
 * pages have one from the start, augmented pages stay inaccessible until the enclave accepts them,
 * and page tables never allow more than the EPCM does.
 */
#include "host/run/emu.h"

#include "abi/image/layout.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/run/say.h"
#include "host/run/sim.h"
#include "host/run/sys.h"

#define ENCLU_SIZE 3

static struct sgx_tcs *tcs_at(uint32_t tcs) {
    return (struct sgx_tcs *)(uintptr_t)(VCPU_BASE + tcs * VCPU_STRIDE + VCPU_TCS);
}

static bool is_enclu(const struct ucontext *uc) {
    static const uint8_t enclu[ENCLU_SIZE] = {0x0f, 0x01, 0xd7};
    const uint8_t *insn = (const uint8_t *)(uintptr_t)uc->rip;

    if (insn == emu_eenter_insn || insn == emu_aep)
        return true;
    /* Inside, only an executable page can be at RIP; then its bytes can be read. */
    return emu_cpu.inside && (epcm_get(uc->rip) & (EPCM_VALID | EPCM_X)) == (EPCM_VALID | EPCM_X) &&
           uc->rip % PAGE_SIZE <= PAGE_SIZE - ENCLU_SIZE && mem_equal(insn, enclu, ENCLU_SIZE);
}

/* What the launcher's handler does on hardware when it finds RIP at the AEP: enter with CSSA = 1,
 * let the enclave decide, and go back to the AEP, whose ERESUME continues. */
static void deliver(int signo) {
    struct enclave_exit e = emu_eenter(emu_cpu.tcs, 0);

    if (e.code != HOST_EXIT_EXC)
        die(EXIT_CRASH, "EMU: the enclave answered signal %d with the exit code %llu", signo,
            (unsigned long long)e.code);
}

static void on_signal(int signo, struct siginfo *info, struct ucontext *uc) {
    if ((signo == SIGILL || signo == SIGSEGV) && is_enclu(uc)) {
        emu_enclu(uc);
        return;
    }
    if (signo == SIGALRM && !emu_cpu.inside)
        return; /* a kick that came when nobody ran inside */
    if (!emu_cpu.inside)
        die(EXIT_CRASH, "the launcher itself stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    if (emu_cpu.tcs->cssa != 0)
        die(EXIT_CRASH, "the enclave's exception handler stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    if (emu_aex(uc, info) || signo == SIGALRM)
        deliver(signo);
}

static void set_range(uint64_t addr, uint64_t size, uint8_t entry) {
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE)
        epcm_set(at, entry);
}

static void emu_create(const struct sgx_secs *secs, const struct sgx_sigstruct *sigstruct) {
    epcm_init(secs->size);
    sim_backend.create(secs, sigstruct);
}

static void emu_add(const struct enclave_source *source, const struct enclave_run *run) {
    uint8_t entry = EPCM_VALID | (uint8_t)(run->secinfo & (EPCM_R | EPCM_W | EPCM_X));

    if ((run->secinfo & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS)
        entry = EPCM_VALID | EPCM_TCS;
    for (uint64_t i = 0; i < run->page_count; i++)
        epcm_set(run->offset + i * run->stride, entry);
    sim_backend.add(source, run);
}

static void emu_init(const struct sgx_sigstruct *sigstruct, const struct sgx_secs *secs) {
    sim_map_vcpu(0);
    context_catch(on_signal);
}

/* EAUG: the page is there, zero, and pending. One that is there already stays as it is. */
static int64_t emu_commit(uint64_t addr, uint64_t size) {
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE) {
        if (epcm_get(at) != 0)
            return -EEXIST;
    }
    int64_t at = sys_mmap(addr, size, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    if (at < 0)
        return at;
    set_range(addr, size, EPCM_VALID | EPCM_PENDING | EPCM_R | EPCM_W);
    return 0;
}

/* EMODPR for what goes; what comes must be in the EPCM already (EMODPE). */
static int64_t emu_protect(uint64_t addr, uint64_t size, uint32_t prot) {
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE) {
        uint8_t entry = epcm_get(at);
        if ((entry & EPCM_VALID) == 0 || (entry & EPCM_PENDING) != 0 || (prot & ~entry & 7u) != 0)
            return -EACCES;
        if ((entry & 7u & ~prot) != 0)
            epcm_set(at, (uint8_t)((entry & ~7u) | prot | EPCM_PR));
    }
    return sys_call3(SYS_mprotect, addr, size, prot);
}

static int64_t emu_trim(uint64_t addr, uint64_t size) {
    for (uint64_t at = addr; at < addr + size; at += PAGE_SIZE) {
        if ((epcm_get(at) & EPCM_VALID) == 0)
            return -EINVAL;
    }
    set_range(addr, size, EPCM_VALID | EPCM_MODIFIED);
    return 0;
}

static int64_t emu_release(uint64_t addr, uint64_t size) {
    set_range(addr, size, 0);
    return sim_backend.release(addr, size);
}

static struct enclave_exit emu_enter(uint32_t tcs, uint64_t rdi) {
    return emu_eenter(tcs_at(tcs), rdi);
}

const struct backend emu_backend = {.name = "EMU",
                                    .kicks = true,
                                    .create = emu_create,
                                    .add = emu_add,
                                    .init = emu_init,
                                    .commit = emu_commit,
                                    .protect = emu_protect,
                                    .trim = emu_trim,
                                    .release = emu_release,
                                    .enter = emu_enter};
