/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The start block: what the untrusted launcher hands to the first entry of the enclave. It lies in
 * host memory. The enclave copies it once, checks every field, and never looks at it again.
 *
 *   struct start_block, then argc + envc NUL-terminated strings, end to end
 */
#ifndef ABI_HOST_START_H
#define ABI_HOST_START_H

#include <stdint.h>

#define START_MAGIC    0x5452415453434cull
#define START_VERSION  2u
#define START_MAX_SIZE (2u << 20)
#define START_MAX_ARGS 65536u

/* What the launcher says the CPU can do. A lie costs speed, or ends the enclave with #UD. */
#define START_CPU_SHA 1ull

struct start_block {
    uint64_t magic;
    uint32_t version;
    uint32_t total_size; /* with the strings */
    uint32_t argc, envc;
    uint32_t strings_size;
    uint32_t log_level; /* enum log_level, capped by the signed configuration */
    uint64_t call_area; /* host memory for host calls, HOST_AREA_SIZE bytes, page aligned */
    uint64_t flags;     /* START_CPU_* */
    uint64_t hwcap;     /* CPUID.1:EDX, for AT_HWCAP: a lie costs the program #UD at most */
};

#endif
