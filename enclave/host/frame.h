/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One host call being made: used by the generated stubs only. The order is begin, arguments, go,
 * take. A frame lives on the caller's stack; the area it writes to is the vCPU's, so no call may
 * start while another is being prepared on the same vCPU.
 */
#ifndef ENCLAVE_HOST_FRAME_H
#define ENCLAVE_HOST_FRAME_H

#include "abi/host/area.h"
#include "base/addr.h"
#include "base/err.h"
#include "base/span.h"
#include "host_num_gen.h"

struct host_frame {
    uint32_t number;
    uint32_t arg_count;
    uint64_t args[HOST_ARGS_MAX];
    uint64_t data_used; /* bytes of host_area.data given out, a multiple of 8 */
};

/* Remembers the area of this vCPU, once, at first entry. EFAULT unless all of it is host memory:
 * page aligned, not wrapping, wholly outside ELRANGE. */
MUST err host_area_set(haddr area);

void host_begin(struct host_frame *f, uint32_t number);
void host_arg(struct host_frame *f, uint64_t value);
/* Copies `data` out. EMSGSIZE if the area has no room. */
MUST err host_arg_in(struct host_frame *f, cspan data);
/* Sets room for an answer of n bytes aside; *at is where host_take finds it. EMSGSIZE. */
MUST err host_arg_out(struct host_frame *f, size_t n, haddr *at);
/* Leaves the enclave and comes back. A negative answer becomes its errno (EIO if Linux has no such
 * errno); *result is >= 0. */
MUST err host_go(struct host_frame *f, int64_t *result);
/* Copies an answer in, once. */
void host_take(span dst, haddr at);
/* The host's answer breaks its contract: says so in the log and gives EIO. */
MUST err host_lied(const struct host_frame *f);
/* The largest size one call can move. */
size_t host_clamp(size_t n);

#endif
