/* SPDX-License-Identifier: BSD-3-Clause
 *
 * How an enclave is run: on SGX hardware, in simulation, or emulated. The signed enclave is the
 * same for all; only `run` cares.
 */
#ifndef CLI_MODE_H
#define CLI_MODE_H

#include "base/err.h"

enum sgx_mode { SGX_MODE_HW, SGX_MODE_SIM, SGX_MODE_EMU, SGX_MODE_COUNT };

const char *mode_name(enum sgx_mode mode);
/* EINVAL after a message; `source` says where the name stands ("--sgx-mode"). */
err mode_parse(enum sgx_mode *mode, const char *name, const char *source);

/* What this machine lacks for SGX, as a sentence without a period; NULL if it has the CPU feature
 * and the device. The launcher looks closer. Static string. */
const char *mode_machine_lacks(void);

/* The mode asked for: the option if not NULL, else SGX_MODE of the environment, else what the last
 * build was told, else what the machine has. *chosen: somebody asked for it. */
err mode_pick(enum sgx_mode *mode, bool *chosen, const char *option);

#endif
