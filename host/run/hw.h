/* SPDX-License-Identifier: BSD-3-Clause
 *
 * HW: the enclave on a CPU with SGX2, through Linux's driver.
 *
 *   hw.c         create, add, init: the enclave's pages
 *   hw_pages.c   pages of the running enclave: restrict, trim, remove; EAUG needs no call
 *   hw_enter.c   entering, exceptions, resuming
 *   hw_refuse.c  what the driver's refusals mean
 *   hw_cpu.c     what the CPU offers, by CPUID
 *   hw_device.c  the kernel: everything above reaches it through one table, so that tests put
 *                another machine in its place (tests/unit/hw_machine.h)
 */
#ifndef HOST_RUN_HW_H
#define HOST_RUN_HW_H

#include "abi/sgx/arch.h"
#include "host/run/context.h"
#include "host/run/hw_abi.h"

/* One way in and back. */
struct hw_call {
    uint64_t rdi, rsi; /* into the enclave, and what EEXIT brought */
    uint64_t r8;       /* kept if the enclave was not entered at all */
    uint64_t function; /* SGX_EENTER or SGX_ERESUME */
    struct hw_run run;
};

/* The kernel as this back end needs it. Answers are the kernel's: >= 0, or -errno. */
struct sgx_device {
    int64_t (*open)(void); /* /dev/sgx_enclave, as a descriptor above the standard ones */
    int64_t (*ioctl)(int fd, uint32_t request, uint64_t arg);
    int64_t (*mmap)(uint64_t addr, uint64_t size, int prot, int flags, int fd);
    int64_t (*enter)(struct hw_call *call); /* __vdso_sgx_enter_enclave; -ENOSYS: there is none */
    void (*catch_signals)(signal_handler handler);
};

struct hw_cpu {
    bool sgx1, sgx2, exinfo;
    uint32_t size_bits; /* enclaves of up to 2^size_bits bytes */
    uint64_t xfrm;      /* extended states an enclave may use; the kernel has switched them on */
};

/* Must come first. Ends the launcher with one line if `cpu` is not able. */
void hw_start(const struct sgx_device *device, const struct hw_cpu *cpu);

/* By CPUID only: never by trying an instruction. */
struct hw_cpu hw_cpu_read(void);
/* What is missing, as a sentence without a period; NULL if nothing is. Static string. */
const char *hw_cpu_lacks(const struct hw_cpu *cpu);

/* The table for Linux; `auxv` is what the kernel put behind the environment. */
const struct sgx_device *hw_linux(const uint64_t *auxv);

/* ---- between the parts ---- */

struct hw {
    const struct sgx_device *device;
    struct hw_cpu cpu;
    int fd;
};
extern struct hw hw;

enum hw_step { HW_OPEN, HW_RESERVE, HW_MAP, HW_CREATE, HW_ADD, HW_INIT, HW_STEP_COUNT };
/* Ends the launcher with the meaning of -errno `answer` at this step. */
NORETURN void hw_refuse(enum hw_step step, int64_t answer);

/* Backend operations (backend.h). */
struct enclave_exit hw_enter(uint32_t tcs, uint64_t rdi);
int64_t hw_commit(uint64_t addr, uint64_t size);
int64_t hw_protect(uint64_t addr, uint64_t size, uint32_t prot);
int64_t hw_trim(uint64_t addr, uint64_t size);
int64_t hw_release(uint64_t addr, uint64_t size);

/* The handler for the exceptions that the vDSO leaves to signals (#DB, #BP). */
void hw_on_signal(int signo, struct siginfo *info, struct ucontext *uc);

#endif
