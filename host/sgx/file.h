/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The signed enclave file (abi/image/enclave.h) as a loader sees it. A file that passes
 * enclave_file_check can be walked page by page without any further check: every page lies in the
 * measured part of ELRANGE, no two runs meet, and every page's data lies in the file.
 *
 * That protects the loader from a broken file. Whether it is the enclave that was signed, only the
 * measurement and the SIGSTRUCT tell (measure.h, sigstruct.h).
 */
#ifndef HOST_SGX_FILE_H
#define HOST_SGX_FILE_H

#include "abi/image/enclave.h"
#include "base/sha256.h"

enum enclave_fault {
    ENCLAVE_OK,
    ENCLAVE_BAD_MAGIC,
    ENCLAVE_BAD_VERSION,
    ENCLAVE_BAD_FILE_SIZE,
    ENCLAVE_BAD_SIZE,
    ENCLAVE_BAD_SSA,
    ENCLAVE_BAD_TCS_COUNT,
    ENCLAVE_BAD_RUN_COUNT,
    ENCLAVE_BAD_RESERVED,
    ENCLAVE_BAD_RUN_RESERVED,
    ENCLAVE_BAD_RUN_RANGE,
    ENCLAVE_BAD_RUN_SECINFO,
    ENCLAVE_BAD_RUN_MEASURE,
    ENCLAVE_BAD_RUN_DATA,
    ENCLAVE_RUNS_OVERLAP,
    ENCLAVE_BAD_DATA_END,
};

/* What is wrong, as a sentence without a period. Static string. */
const char *enclave_fault_text(enum enclave_fault fault);

/* Checks the header page and every run; `file_size` is what the host says the file's size is. */
MUST enum enclave_fault enclave_file_check(const struct enclave_file *f, uint64_t file_size);

/* The offset from the enclave base of page i of a checked run, and of its data in the file (0: the
 * page is zero). */
uint64_t enclave_run_page(const struct enclave_run *run, uint64_t i);
uint64_t enclave_run_data(const struct enclave_run *run, uint64_t i);

/* MRENCLAVE of a checked file: `f` is its header, `file` all of its bytes. */
void enclave_file_measure(const struct enclave_file *f, cspan file, uint8_t mrenclave[SHA256_SIZE]);

#endif
