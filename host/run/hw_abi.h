/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What Linux's SGX driver (5.11; SGX2 from 6.0) and its vDSO function expect, byte for byte. The
 * launcher has no libc and no kernel headers; tests/unit/hw_abi.c compares every offset and number
 * with <asm/sgx.h>.
 *
 * Offsets and lengths are bytes, whole pages, from the enclave base. `count` says how far the
 * driver came, also when it failed or was interrupted; `result` and `count` must go in as 0.
 */
#ifndef HOST_RUN_HW_ABI_H
#define HOST_RUN_HW_ABI_H

#include <stddef.h>
#include <stdint.h>

struct hw_create {
    uint64_t src; /* a SECS, page aligned */
};

struct hw_add_pages {
    uint64_t src, offset, length;
    uint64_t secinfo; /* address of one SECINFO for all pages */
    uint64_t flags;
    uint64_t count;
};
#define HW_ADD_MEASURE 1u

struct hw_init {
    uint64_t sigstruct;
};

struct hw_restrict {
    uint64_t offset, length;
    uint64_t permissions; /* SECINFO bits R W X */
    uint64_t result, count;
};

struct hw_modify {
    uint64_t offset, length;
    uint64_t page_type; /* SECINFO's type byte */
    uint64_t result, count;
};
#define HW_TYPE_TRIM 4u

struct hw_remove {
    uint64_t offset, length;
    uint64_t count;
};

#define HW_IOC_W(nr, type)  (0x4000a400u | (uint32_t)sizeof(type) << 16 | (nr))
#define HW_IOC_WR(nr, type) (0xc000a400u | (uint32_t)sizeof(type) << 16 | (nr))

#define HW_IOC_CREATE    HW_IOC_W(0, struct hw_create)
#define HW_IOC_ADD_PAGES HW_IOC_WR(1, struct hw_add_pages)
#define HW_IOC_INIT      HW_IOC_W(2, struct hw_init)
#define HW_IOC_RESTRICT  HW_IOC_WR(5, struct hw_restrict)
#define HW_IOC_MODIFY    HW_IOC_WR(6, struct hw_modify)
#define HW_IOC_REMOVE    HW_IOC_WR(7, struct hw_remove)

/* Between the launcher and __vdso_sgx_enter_enclave(). Afterwards `function` is EEXIT if the
 * enclave left by itself; else it is the leaf that was in RAX when an exception came, and the
 * exception is described. The function's return value does not tell the two apart. */
struct hw_run {
    uint64_t tcs;
    uint32_t function;
    uint16_t vector, error_code;
    uint64_t address;
    uint64_t handler; /* 0: none */
    uint64_t handler_data;
    uint8_t reserved[216]; /* 0 */
};

#endif
