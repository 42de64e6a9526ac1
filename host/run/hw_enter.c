/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Entering through __vdso_sgx_enter_enclave(). Interrupts are resumed in there; it comes back when
 * the enclave left (EEXIT) or when an exception needs an answer:
 *
 *   EENTER (CSSA = 0) ... EEXIT                      a host call or the end: back to the caller
 *   EENTER (CSSA = 0) ... exception                  the frame is in SSA[0]
 *     EENTER (CSSA = 1) -> the enclave decides -> EEXIT
 *   ERESUME ... and so on
 *
 * The EENTER and every ERESUME after it are made from the same function at the same stack depth:
 * EEXIT comes back to the stack of the EENTER.
 *
 * Without a handler the function answers 0 in both cases, so run.function alone decides. An
 * exception's leaf says where it was: EENTER never got in; ERESUME means the enclave was
 * interrupted (the CPU leaves ERESUME in RAX and zero in R8), or ERESUME itself was refused, and
 * then R8 is what we put there.
 */
#include "abi/image/layout.h"
#include "base/err.h"
#include "host/run/emu.h"
#include "host/run/hw.h"
#include "host/run/say.h"

#define NOT_ENTERED 0x746f6e20646964ull /* any number but 0 */

static uint64_t g_tcs; /* entered and not yet back; 0: none */

static void go(struct hw_call *call, uint64_t function, uint64_t tcs, uint64_t rdi) {
    int64_t e;

    *call =
        (struct hw_call){.rdi = rdi, .r8 = NOT_ENTERED, .function = function, .run = {.tcs = tcs}};
    e = hw.device->enter(call);
    if (e == -ENOSYS)
        die(EXIT_REFUSED, "SGX mode HW: this kernel's vDSO has no __vdso_sgx_enter_enclave "
                          "(Linux 5.11 or newer with SGX is needed)");
    if (e != 0)
        die(EXIT_CRASH, "SGX mode HW: entering the enclave failed (%s)", err_name((int)-e));
    backend_stats.eenter += function == SGX_EENTER;
    backend_stats.eresume += function == SGX_ERESUME;
}

/* True if the enclave left by itself; false if it was interrupted by an exception. */
static bool left(const struct hw_call *call) {
    const struct hw_run *r = &call->run;

    if (r->function == SGX_EEXIT) {
        backend_stats.eexit++;
        return true;
    }
    if (r->function != SGX_EENTER && r->function != SGX_ERESUME)
        die(EXIT_CRASH, "SGX mode HW: the enclave came back by the unknown function %u",
            r->function);
    if (r->function == SGX_EENTER || (call->function == SGX_ERESUME && call->r8 == NOT_ENTERED))
        die(EXIT_CRASH,
            "SGX mode HW: the CPU refuses to %s the enclave (vector %u, error 0x%x, address "
            "0x%llx); if the machine slept, the enclave is lost: run again",
            r->function == SGX_EENTER ? "enter" : "resume", r->vector, r->error_code,
            (unsigned long long)r->address);
    backend_stats.aex++;
    return false;
}

/* Enters with CSSA = 1 and lets the enclave decide what its frame becomes. */
static void deliver(uint64_t tcs) {
    struct hw_call call;

    go(&call, SGX_EENTER, tcs, 0);
    if (!left(&call))
        die(EXIT_CRASH, "the enclave's exception handler stopped: vector %u at 0x%llx",
            call.run.vector, (unsigned long long)call.run.address);
    if (call.rdi != HOST_EXIT_EXC)
        die(EXIT_CRASH, "the enclave answered an exception with the exit code %llu",
            (unsigned long long)call.rdi);
}

struct enclave_exit hw_enter(uint32_t tcs, uint64_t rdi) {
    struct hw_call call;
    uint64_t function = SGX_EENTER;

    g_tcs = VCPU_BASE + tcs * VCPU_STRIDE + VCPU_TCS;
    for (;;) {
        go(&call, function, g_tcs, rdi);
        if (left(&call))
            break;
        deliver(g_tcs);
        function = SGX_ERESUME;
        rdi = 0;
    }
    g_tcs = 0;
    return (struct enclave_exit){.code = call.rdi, .value = call.rsi};
}

/* Where the CPU leaves a thread after an asynchronous exit: at the AEP, which is also in RCX. */
static bool at_aep(const struct ucontext *uc) {
    return g_tcs != 0 && uc->rbx == g_tcs && uc->rax == SGX_ERESUME && uc->rip == uc->rcx;
}

void hw_on_signal(int signo, struct siginfo *info, struct ucontext *uc) {
    if (!at_aep(uc))
        die(EXIT_CRASH, "the launcher itself stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    backend_stats.aex++;
    deliver(g_tcs); /* then the AEP's ERESUME goes on */
}
