/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Exceptions in SIM. A fault signal, or the SIGSYS of a `syscall`, becomes what the CPU does at an
 * asynchronous exit: the registers go into SSA[0] with vector and error code, then the enclave is
 * entered with CSSA = 1 and decides. When it leaves, the frame, which it may have rewritten, goes
 * back into the signal context: that is ERESUME.
 */
#include "abi/image/layout.h"
#include "host/run/context.h"
#include "host/run/say.h"
#include "host/run/sim.h"
#include "host/run/sys.h"

/* Our first byte and the end of our code, from the linker. */
extern const uint8_t __executable_start[], etext[];

static struct sgx_tcs *g_tcs;

/* A program may have jumped anywhere; only faults in our own code are ours. */
static bool in_launcher(uint64_t rip) {
    return rip >= PTR(__executable_start) && rip < PTR(etext);
}

static void on_signal(int signo, struct siginfo *info, struct ucontext *uc) {
    if (signo == SIGALRM && in_launcher(uc->rip))
        return; /* a kick that came when nobody ran inside */
    if (in_launcher(uc->rip))
        die(EXIT_CRASH, "the launcher itself stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    if (g_tcs->cssa != 0)
        die(EXIT_CRASH, "the enclave's exception handler stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    struct sgx_gpr *frame = sim_ssa_gpr(g_tcs, 0);
    context_save(frame, uc);
    context_describe(frame, info, uc);
    g_tcs->cssa = 1;
    sim_eenter(g_tcs, 1, 0, sim_ssa_gpr(g_tcs, 1));
    g_tcs->cssa = 0;
    context_load(uc, frame);
}

void sim_signals_start(struct sgx_tcs *tcs) {
    g_tcs = tcs;
    context_catch(on_signal);
}
