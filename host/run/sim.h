/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What the parts of the SIM back end share: memory (sim.c) and exceptions (sim_signal.c).
 */
#ifndef HOST_RUN_SIM_H
#define HOST_RUN_SIM_H

#include "abi/sgx/arch.h"
#include "host/run/backend.h"

struct enclave_exit sim_eenter(struct sgx_tcs *tcs, uint64_t cssa, uint64_t rdi,
                               struct sgx_gpr *ssa_gpr);
/* The register area of SSA frame `cssa` of a TCS. */
struct sgx_gpr *sim_ssa_gpr(const struct sgx_tcs *tcs, uint32_t cssa);

/* Maps the pages of TCS number `tcs`: its own, SSA frames, stacks. */
void sim_map_vcpu(uint32_t tcs);

/* Each entry burns this many cycles first (OCCLUM_SIM_EXIT_CYCLES); 0, the default, none. */
void sim_exit_cycles(uint64_t cycles);

/* Makes this host thread run TCS `tcs`: from here on, exceptions of enclave code and its `syscall`
 * instructions arrive as AEX, and only code at or above ELRANGE's end may call the host kernel. */
void sim_signals_start(struct sgx_tcs *tcs);

#endif
