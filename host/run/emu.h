/* SPDX-License-Identifier: BSD-3-Clause
 *
 * EMU: a software model of the parts of SGX that the enclave and its launcher can see. Every ENCLU
 * traps (it is an illegal instruction outside real enclaves, or a general protection fault where
 * the CPU has SGX and hides it) and is performed here by the CPU's rules:
 *
 *   epcm.c    which page is valid, of which type, with which permissions, pending, modified
 *   leaf.c    EENTER, EEXIT, ERESUME, EACCEPT, EMODPE, and the asynchronous exit
 *   emu.c     the back end: pages are added and augmented, traps are told apart
 *
 * One thread, one TCS at a time so far.
 */
#ifndef HOST_RUN_EMU_H
#define HOST_RUN_EMU_H

#include "abi/host/area.h"
#include "host/run/backend.h"
#include "host/run/context.h"

/* One EPCM entry: 0 is not valid. */
#define EPCM_R        0x01u
#define EPCM_W        0x02u
#define EPCM_X        0x04u
#define EPCM_PENDING  0x08u
#define EPCM_MODIFIED 0x10u
#define EPCM_PR       0x20u
#define EPCM_VALID    0x40u
#define EPCM_TCS      0x80u /* type; a page that is being trimmed has MODIFIED and no permission */

void epcm_init(uint64_t enclave_size);
/* The entry of the page that holds addr; 0 for addresses outside the enclave. */
uint8_t epcm_get(uint64_t addr);
void epcm_set(uint64_t addr, uint8_t entry);

/* The thread's state: in the enclave or not, and on which TCS. */
struct emu_cpu {
    bool inside;
    struct sgx_tcs *tcs;
};
extern struct emu_cpu emu_cpu;

/* Performs the ENCLU at uc->rip, whose leaf is in RAX, and moves on. A leaf that breaks the CPU's
 * rules is a general protection fault: it ends the launcher with a sentence. */
void emu_enclu(struct ucontext *uc);
/* The CPU's asynchronous exit: saves the enclave's state in the SSA, leaves a synthetic one that
 * stands at the AEP. Returns whether EXITINFO is valid. */
bool emu_aex(struct ucontext *uc, const struct siginfo *info);

/* emu.S: EENTER with the AEP below; the label of the AEP's own ENCLU (ERESUME). */
struct enclave_exit emu_eenter(struct sgx_tcs *tcs, uint64_t rdi);
extern const uint8_t emu_eenter_insn[], emu_aep[];

#endif
