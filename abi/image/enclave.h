/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The signed enclave file, build/enclave.signed. It is a list of page runs in the order in which
 * they are added and measured, so a loader needs no ELF parser:
 *
 *   [0, 4096)      struct enclave_file: header, SIGSTRUCT, runs; the rest of the page is zero
 *   [4096, size)   page data, in run order, page aligned, so that a loader can map it
 *
 * All numbers are little-endian. The launcher believes nothing in here: what it loaded is
 * measured, and the measurement must equal the signed one.
 */
#ifndef ABI_IMAGE_ENCLAVE_H
#define ABI_IMAGE_ENCLAVE_H

#include <stdint.h>

#include "abi/sgx/arch.h"

#define ENCLAVE_MAGIC    0x31434e454d4c434full /* "OCLMENC1" */
#define ENCLAVE_VERSION  1u
#define ENCLAVE_MAX_RUNS 40u

/* The pages of a run share everything but their address and content. */
struct enclave_run {
    uint64_t offset;      /* of the first page, from the enclave base; page aligned          */
    uint64_t page_count;  /* > 0                                                             */
    uint64_t stride;      /* bytes from one page to the next: PAGE_SIZE, or VCPU_STRIDE       */
    uint64_t secinfo;     /* SECINFO.FLAGS: permissions and page type                         */
    uint32_t measure;     /* 1: EEXTEND every 256 bytes; 0: EADD only (content is not trusted) */
    uint32_t reserved;    /* 0                                                               */
    uint64_t file_offset; /* of the first page's data, page aligned; 0: all pages are zero    */
};

struct enclave_file {
    uint64_t magic;
    uint32_t version;
    uint32_t run_count;
    uint64_t enclave_size; /* SECS.SIZE, a power of two            */
    uint64_t file_size;    /* of the whole file                    */
    uint32_t ssa_frame_pages;
    uint32_t tcs_count;
    uint64_t reserved[3]; /* 0 */
    struct sgx_sigstruct sigstruct;
    struct enclave_run runs[ENCLAVE_MAX_RUNS]; /* from run_count on: all zero */
    uint8_t padding[304];                      /* 0 */
};

_Static_assert(sizeof(struct enclave_run) == 48, "on-disk layout");
_Static_assert(sizeof(struct enclave_file) == 4096, "the header is one page");

#endif
