/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The ENCLU leaves, after the pseudo code of SDM Vol. 3D chapter 38, as far as software can see
 * them: TCS and page checks, the SSA frame, the registers each leaf defines, FS and GS. The vector
 * state at an asynchronous exit is the signal context's.
 */
#include "abi/image/layout.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/run/emu.h"
#include "host/run/say.h"
#include "host/run/sim.h"
#include "host/run/sys.h"

#define ENCLU_SIZE                   3
#define TCS_BUSY                     1ull
#define XSTATE_HEADER                512u
#define XSTATE_SW_SIZE_AT            480u /* struct _fpx_sw_bytes.xstate_size, in the reserved bytes */
#define XSTATE_KEEP                  2696u /* all of XFRM, in standard form, with room for PKRU */
#define FCW_INITIAL                  0x37fu
#define MXCSR_INITIAL                0x1f80u
#define MXCSR_AT                     24u
#define SGX_PAGE_ATTRIBUTES_MISMATCH 19u
#define RFLAGS_ZF                    0x40ull
#define RFLAGS_CLEAN                 0x202ull

struct emu_cpu emu_cpu;

NORETURN static void general_protection(const char *leaf, const char *why) {
    die(EXIT_CRASH, "EMU: #GP at %s: %s", leaf, why);
}

static void set_bases(uint64_t fs, uint64_t gs) {
    __asm__ volatile("wrfsbase %0; wrgsbase %1" ::"r"(fs), "r"(gs));
}

static struct sgx_tcs *tcs_of(uint64_t addr, const char *leaf) {
    if (epcm_get(addr) != (EPCM_VALID | EPCM_TCS) || !is_aligned(addr, PAGE_SIZE))
        general_protection(leaf, "RBX is no TCS page");
    struct sgx_tcs *tcs = (struct sgx_tcs *)(uintptr_t)addr;
    if (tcs->state == TCS_BUSY)
        general_protection(leaf, "the TCS is in use");
    return tcs;
}

static void enter(struct sgx_tcs *tcs, uint64_t aep) {
    tcs->aep = aep;
    tcs->state = TCS_BUSY;
    emu_cpu = (struct emu_cpu){.inside = true, .tcs = tcs};
}

static void eenter(struct ucontext *uc) {
    struct sgx_tcs *tcs = tcs_of(uc->rbx, "EENTER");

    if (tcs->cssa >= tcs->nssa)
        general_protection("EENTER", "no SSA frame is free");
    struct sgx_gpr *frame = sim_ssa_gpr(tcs, tcs->cssa);
    frame->ursp = uc->rsp;
    frame->urbp = uc->rbp;
    enter(tcs, uc->rcx);
    uc->rcx = uc->rip + ENCLU_SIZE;
    uc->rax = tcs->cssa;
    uc->rip = tcs->oentry;
    set_bases(tcs->ofsbase, tcs->ogsbase);
    backend_stats.eenter++;
}

static void eexit(struct ucontext *uc) {
    uint64_t aep = emu_cpu.tcs->aep;

    if (uc->rbx < ELRANGE_SIZE)
        general_protection("EEXIT", "the target lies in the enclave");
    emu_cpu.tcs->state = 0;
    emu_cpu.inside = false;
    uc->rip = uc->rbx;
    uc->rcx = aep;
    set_bases(0, 0);
    backend_stats.eexit++;
}

static uint64_t xstate_size(const struct ucontext *uc) {
    uint32_t size;

    mem_copy(&size, uc->fpstate + XSTATE_SW_SIZE_AT, sizeof(size));
    return min_u64(size, XSTATE_KEEP);
}

static uint8_t *xsave_area(const struct sgx_tcs *tcs, uint32_t frame) {
    return (uint8_t *)(uintptr_t)(tcs->ossa + frame * SSA_FRAME_SIZE);
}

static void reset_xstate(struct ucontext *uc) {
    uint16_t fcw = FCW_INITIAL;
    uint32_t mxcsr = MXCSR_INITIAL;

    mem_copy(uc->fpstate, &fcw, sizeof(fcw));
    mem_copy(uc->fpstate + MXCSR_AT, &mxcsr, sizeof(mxcsr));
    mem_zero(uc->fpstate + XSTATE_HEADER, sizeof(uint64_t)); /* XSTATE_BV: all initial */
}

static void eresume(struct ucontext *uc) {
    struct sgx_tcs *tcs = tcs_of(uc->rbx, "ERESUME");

    if (tcs->cssa == 0)
        general_protection("ERESUME", "there is nothing to resume");
    tcs->cssa--;
    const struct sgx_gpr *frame = sim_ssa_gpr(tcs, tcs->cssa);
    enter(tcs, uc->rcx);
    context_load(uc, frame);
    mem_copy(uc->fpstate, xsave_area(tcs, tcs->cssa), xstate_size(uc));
    set_bases(frame->fsbase, frame->gsbase);
    backend_stats.eresume++;
}

bool emu_aex(struct ucontext *uc, const struct siginfo *info) {
    struct sgx_tcs *tcs = emu_cpu.tcs;
    struct sgx_gpr *frame = sim_ssa_gpr(tcs, tcs->cssa);

    context_save(frame, uc);
    __asm__ volatile("rdgsbase %0" : "=r"(frame->gsbase));
    context_describe(frame, info, uc);
    mem_copy(xsave_area(tcs, tcs->cssa), uc->fpstate, xstate_size(uc));
    tcs->cssa++;
    tcs->state = 0;
    emu_cpu.inside = false;
    uint8_t *fpstate = uc->fpstate;
    uc->r8 = uc->r9 = uc->r10 = uc->r11 = uc->r12 = uc->r13 = uc->r14 = uc->r15 = 0;
    uc->rdi = uc->rsi = uc->rdx = 0;
    uc->rax = SGX_ERESUME;
    uc->rbx = (uint64_t)(uintptr_t)tcs;
    uc->rcx = uc->rip = tcs->aep;
    uc->rsp = frame->ursp;
    uc->rbp = frame->urbp;
    uc->eflags = RFLAGS_CLEAN;
    uc->fpstate = fpstate;
    reset_xstate(uc);
    set_bases(0, 0);
    backend_stats.aex++;
    return (frame->exitinfo & SGX_EXITINFO_VALID) != 0;
}

/* SECINFO of an EPCM entry. */
static uint64_t secinfo_of(uint8_t entry) {
    uint64_t low = entry & (EPCM_R | EPCM_W | EPCM_X | EPCM_PENDING | EPCM_MODIFIED | EPCM_PR);

    if (entry & EPCM_TCS)
        return low | SGX_SECINFO_TCS;
    return low | ((entry & EPCM_MODIFIED) != 0 ? SGX_SECINFO_TRIM : SGX_SECINFO_REG);
}

static const struct sgx_secinfo *secinfo_at(uint64_t addr, const char *leaf) {
    if (!is_aligned(addr, 64) || (epcm_get(addr) & EPCM_VALID) == 0)
        general_protection(leaf, "RBX is no SECINFO in the enclave");
    return (const struct sgx_secinfo *)(uintptr_t)addr;
}

static void eaccept(struct ucontext *uc) {
    uint64_t wanted = secinfo_at(uc->rbx, "EACCEPT")->flags;
    uint8_t entry = epcm_get(uc->rcx);
    bool same = (entry & EPCM_VALID) != 0 && secinfo_of(entry) == wanted;

    if (same) {
        entry &= (uint8_t)~(EPCM_PENDING | EPCM_PR);
        epcm_set(uc->rcx, entry);
        if ((wanted & SGX_SECINFO_PENDING) != 0)
            sys_call3(SYS_mprotect, uc->rcx, PAGE_SIZE, PROT_READ | PROT_WRITE);
    }
    uc->rax = same ? 0 : SGX_PAGE_ATTRIBUTES_MISMATCH;
    uc->eflags = same ? uc->eflags & ~RFLAGS_ZF : uc->eflags | RFLAGS_ZF;
    uc->rip += ENCLU_SIZE;
    backend_stats.eaccept++;
}

static void emodpe(struct ucontext *uc) {
    uint64_t wanted = secinfo_at(uc->rbx, "EMODPE")->flags;
    uint8_t entry = epcm_get(uc->rcx);

    if ((entry & EPCM_VALID) == 0 || (entry & (EPCM_PENDING | EPCM_MODIFIED | EPCM_TCS)) != 0)
        general_protection("EMODPE", "the page is not a usable regular page");
    epcm_set(uc->rcx, (uint8_t)(entry | (wanted & (EPCM_R | EPCM_W | EPCM_X))));
    uc->rip += ENCLU_SIZE;
    backend_stats.emodpe++;
}

void emu_enclu(struct ucontext *uc) {
    if (!emu_cpu.inside && uc->rax == SGX_EENTER)
        eenter(uc);
    else if (!emu_cpu.inside && uc->rax == SGX_ERESUME)
        eresume(uc);
    else if (emu_cpu.inside && uc->rax == SGX_EEXIT)
        eexit(uc);
    else if (emu_cpu.inside && uc->rax == SGX_EACCEPT)
        eaccept(uc);
    else if (emu_cpu.inside && uc->rax == SGX_EMODPE)
        emodpe(uc);
    else
        general_protection("ENCLU", "this leaf is not allowed here");
}
