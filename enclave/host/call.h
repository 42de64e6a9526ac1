/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Calls to the untrusted host. Each function here is generated from abi/host/host.def, with the
 * bound and validator of every answer, so an unchecked answer cannot be obtained: a host that lies
 * gives EIO (or ends the enclave where trusted state is contradicted).
 */
#ifndef ENCLAVE_HOST_CALL_H
#define ENCLAVE_HOST_CALL_H

#include "abi/host/types.h"
#include "base/addr.h"
#include "base/err.h"
#include "base/span.h"
#include "host_gen.h" /* from abi/host/host.def */

#endif
