/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a way of running an enclave must supply: SIM, EMU and HW (docs/backends.md). The order is
 * the CPU's: create, add every run, init, enter.
 *
 * An operation that fails has said why and ended the launcher: there is nothing to undo that exit
 * does not.
 */
#ifndef HOST_RUN_BACKEND_H
#define HOST_RUN_BACKEND_H

#include "abi/image/enclave.h"
#include "base/compiler.h"

struct enclave_source {
    const uint8_t *file; /* the whole enclave file, mapped read-only */
    uint64_t file_size;
    int fd;
    const char *path;
};

/* Why the enclave came back out (abi/host/area.h). */
struct enclave_exit {
    uint64_t code, value;
};

struct backend {
    const char *name;
    bool kicks; /* a SIGALRM of this thread is delivered to the enclave as an interrupt */
    /* The SIGSTRUCT says which attributes the loader may choose. */
    void (*create)(const struct sgx_secs *secs, const struct sgx_sigstruct *sigstruct);
    void (*add)(const struct enclave_source *source, const struct enclave_run *run);
    void (*init)(const struct sgx_sigstruct *sigstruct, const struct sgx_secs *secs);
    /* Memory of the running enclave: EAUG, permission change, trim, removal. The ranges are whole
     * pages; 0 or -errno. */
    int64_t (*commit)(uint64_t addr, uint64_t size);
    int64_t (*protect)(uint64_t addr, uint64_t size, uint32_t prot);
    int64_t (*trim)(uint64_t addr, uint64_t size);
    int64_t (*release)(uint64_t addr, uint64_t size);
    /* Enters TCS number `tcs`; rdi is the first register of a first entry. */
    struct enclave_exit (*enter)(uint32_t tcs, uint64_t rdi);
};

extern const struct backend sim_backend, emu_backend, hw_backend;

/* How often each leaf was performed, for --stats; SIM performs none. */
struct backend_stats {
    uint64_t eenter, eexit, aex, eresume, eaccept, emodpe, calls;
};
extern struct backend_stats backend_stats;

#endif
