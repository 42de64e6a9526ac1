/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A vCPU: one TCS, that is one host thread inside the enclave. Its block is what GS points to
 * while the enclave runs (TCS.OGSBASE), so entry.S and the stack canary find everything without
 * trusting a register the host can set. The table is static and measured; the fields above the
 * line never change. Only the vCPU itself touches its block: no lock.
 */
#ifndef ARCH_X86_64_VCPU_H
#define ARCH_X86_64_VCPU_H

#define VCPU_SELF        0
#define VCPU_BOOT_SP     8
#define VCPU_EXC_SP      16
#define VCPU_SSA_GPR0    24
#define VCPU_SSA_GPR1    32
#define VCPU_CANARY      40
#define VCPU_CALL_SP     48
#define VCPU_EXIT_TARGET 56
#define VCPU_STARTED     64
#define VCPU_TASK        72
#define VCPU_KERNEL_SP   80
#define VCPU_HOST_AREA   88
#define VCPU_INDEX       96
#define VCPU_IN_USER     104
#define VCPU_BLOCK_SIZE  128

#ifndef __ASSEMBLER__

#include "base/addr.h"

struct task;

struct vcpu {
    struct vcpu *self;
    uint64_t boot_sp, exc_sp; /* tops of the boot and exception stacks   */
    uint64_t ssa_gpr0, ssa_gpr1;
    /* ---- */
    uint64_t canary;      /* -mstack-protector-guard-offset=40             */
    uint64_t call_sp;     /* stack of the host call being made, or 0       */
    uint64_t exit_target; /* host address to leave to, RCX of the last entry */
    uint64_t started;     /* the first entry happened                      */
    struct task *task;    /* runs here                                     */
    uint64_t kernel_sp;   /* top of that task's kernel stack               */
    haddr host_area;      /* abi/host/area.h                               */
    uint64_t index;
    uint64_t in_user; /* user_resume() went to the program; cleared when it is interrupted */
    uint64_t unused[2];
};

_Static_assert(sizeof(struct vcpu) == VCPU_BLOCK_SIZE, "entry.S");
_Static_assert(offsetof(struct vcpu, boot_sp) == VCPU_BOOT_SP, "entry.S");
_Static_assert(offsetof(struct vcpu, exc_sp) == VCPU_EXC_SP, "entry.S");
_Static_assert(offsetof(struct vcpu, ssa_gpr0) == VCPU_SSA_GPR0, "entry.S");
_Static_assert(offsetof(struct vcpu, ssa_gpr1) == VCPU_SSA_GPR1, "entry.S");
_Static_assert(offsetof(struct vcpu, canary) == VCPU_CANARY, "entry.S");
_Static_assert(offsetof(struct vcpu, call_sp) == VCPU_CALL_SP, "entry.S");
_Static_assert(offsetof(struct vcpu, exit_target) == VCPU_EXIT_TARGET, "entry.S");
_Static_assert(offsetof(struct vcpu, started) == VCPU_STARTED, "entry.S");
_Static_assert(offsetof(struct vcpu, task) == VCPU_TASK, "entry.S");
_Static_assert(offsetof(struct vcpu, kernel_sp) == VCPU_KERNEL_SP, "entry.S");
_Static_assert(offsetof(struct vcpu, host_area) == VCPU_HOST_AREA, "entry.S");
_Static_assert(offsetof(struct vcpu, in_user) == VCPU_IN_USER, "entry.S");

/* The vCPU this code runs on. Moves when a task is switched: never cache across a blocking call. */
#ifdef TWIN
struct vcpu *vcpu_current(void); /* the test's */
#else
static inline struct vcpu *vcpu_current(void) {
    struct vcpu *self;

    __asm__ volatile("movq %%gs:0, %0" : "=r"(self));
    return self;
}
#endif

#endif
#endif
