/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The host side of abi/host/host.def: performs what the enclave asks for.
 */
#ifndef HOST_RUN_SERVE_H
#define HOST_RUN_SERVE_H

#include "abi/host/area.h"
#include "host/run/backend.h"

/* The files a run works with, opened by the launcher before the first entry. */
struct serve_files {
    int image;           /* rootfs.img, or -1 */
    const char *symbols; /* mapped text "hex-address name\n", ascending; NULL if there is none */
    uint64_t symbols_size;
};

void serve_init(const struct serve_files *files, const struct backend *backend);
/* For tests: interrupts the vCPU every so many microseconds from now on, whatever the enclave asks
 * for; 0 does nothing. */
void serve_storm(uint64_t period_us);
/* Serves the request in the area and writes its result. */
void serve(struct host_area *area);

#endif
