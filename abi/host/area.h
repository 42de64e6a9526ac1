/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The host-call area: untrusted memory through which one vCPU talks to the launcher. The enclave
 * writes a request and leaves (EEXIT); the launcher serves it, writes `result`, and enters again.
 * The enclave reads `result` once. Buffer arguments are pairs of address and size; the addresses
 * point into data[], where each buffer starts at a multiple of 8 and is padded to one, so that all
 * copies are whole aligned words (Intel SA-00615, SA-00657).
 */
#ifndef ABI_HOST_AREA_H
#define ABI_HOST_AREA_H

#ifndef __ASSEMBLER__
#include <stdint.h>
#endif

#define HOST_ABI_VERSION 1u
#define HOST_ARGS_MAX    6u
#define HOST_DATA_MAX    (256u << 10)

#ifndef __ASSEMBLER__
struct host_area {
    uint64_t number; /* HOST_CALL_* of host_num_gen.h */
    uint64_t args[HOST_ARGS_MAX];
    int64_t result; /* >= 0, or -errno */
    uint8_t data[HOST_DATA_MAX];
};
#endif

/* What RDI says when the enclave leaves. */
#define HOST_EXIT_CALL 1 /* a request waits in the area                                */
#define HOST_EXIT_DONE 2 /* the program ended; RSI is the exit code; do not enter again */
#define HOST_EXIT_EXC  3 /* an exception was handled: ERESUME                          */

#endif
