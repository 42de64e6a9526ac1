/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Signals. So far: names, default actions, and death by signal. Handlers of programs are recorded
 * (struct sigactions) but not yet called: delivery comes with threads.
 */
#ifndef ENCLAVE_SIGNAL_SIGNAL_H
#define ENCLAVE_SIGNAL_SIGNAL_H

#include "base/addr.h"
#include "base/err.h"

struct task;

#define SIGNAL_MAX 64

enum {
#define G(name, number, action) name = (number),
#include "abi/linux/signal.def"
#undef G
};

enum signal_action { SIGNAL_TERM, SIGNAL_IGNORE, SIGNAL_CORE, SIGNAL_STOP };

#define SIG_DFL 0u
#define SIG_IGN 1u

/* struct sigaction of the kernel ABI. */
struct user_sigaction {
    uint64_t handler, flags, restorer, mask;
};

struct sigactions {
    struct user_sigaction of[SIGNAL_MAX]; /* index: signal - 1 */
};

/* "SIGSEGV", or "signal N" for real-time signals (into a static text "SIGRT"). */
const char *signal_name(int signo);
enum signal_action signal_default(int signo);

/* Performs the default or ignored disposition of a signal sent to the own process. Returns if the
 * signal does nothing; ends the process otherwise. */
void signal_send_self(struct task *t, int signo);

/* Ends the process because user code faulted: one line names signal, address, file and offset. */
NORETURN void signal_fault(struct task *t);

#endif
