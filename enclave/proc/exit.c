/* SPDX-License-Identifier: BSD-3-Clause
 *
 * So far there is one process; when it ends, the enclave ends with its exit code.
 */
#include "arch/x86_64/exit.h"
#include "abi/host/area.h"
#include "base/trap.h"
#include "enclave/proc/process.h"

void process_exit(struct process *p, int code) {
    enclave_exit(HOST_EXIT_DONE, (uint64_t)code & 0xff);
    trap(TRAP_UNREACHABLE);
}
