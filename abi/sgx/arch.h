/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Architectural structures of Intel SGX (SDM Vol. 3D, chapters 35-38), byte for byte. Sizes and
 * the offsets that code relies on are asserted. Numbers are little-endian, as the CPU's.
 */
#ifndef ABI_SGX_ARCH_H
#define ABI_SGX_ARCH_H

#include <stddef.h>
#include <stdint.h>

/* ENCLU leaves */
#define SGX_EREPORT     0
#define SGX_EGETKEY     1
#define SGX_EENTER      2
#define SGX_ERESUME     3
#define SGX_EEXIT       4
#define SGX_EACCEPT     5
#define SGX_EMODPE      6
#define SGX_EACCEPTCOPY 7

/* ATTRIBUTES.FLAGS */
#define SGX_ATTR_INIT       0x01ull
#define SGX_ATTR_DEBUG      0x02ull
#define SGX_ATTR_MODE64     0x04ull
#define SGX_ATTR_PROVISION  0x10ull
#define SGX_ATTR_EINITTOKEN 0x20ull
#define SGX_ATTR_KSS        0x80ull

/* ATTRIBUTES.XFRM */
#define SGX_XFRM_LEGACY 0x03ull /* x87, SSE: always set */
#define SGX_XFRM_AVX    0x04ull
#define SGX_XFRM_AVX512 0xe0ull
#define SGX_XFRM_PKRU   0x200ull

#define SGX_MISC_EXINFO 0x1u /* #PF and #GP addresses are saved in the SSA frame */

/* SECINFO.FLAGS */
#define SGX_SECINFO_R        0x001ull
#define SGX_SECINFO_W        0x002ull
#define SGX_SECINFO_X        0x004ull
#define SGX_SECINFO_PENDING  0x008ull
#define SGX_SECINFO_MODIFIED 0x010ull
#define SGX_SECINFO_PR       0x020ull
#define SGX_SECINFO_TRIM     0x400ull
#define SGX_SECINFO_TCS      0x100ull
#define SGX_SECINFO_REG      0x200ull
#define SGX_SECINFO_TYPE     0xff00ull

struct sgx_attributes {
    uint64_t flags, xfrm;
};

struct sgx_secinfo {
    uint64_t flags;
    uint64_t reserved[7];
};

struct sgx_secs {
    uint64_t size, base;
    uint32_t ssa_frame_pages, miscselect;
    uint8_t reserved1[24];
    struct sgx_attributes attributes; /* 48 */
    uint8_t mrenclave[32];            /* 64 */
    uint8_t reserved2[32];
    uint8_t mrsigner[32]; /* 128 */
    uint8_t reserved3[32];
    uint8_t config_id[64]; /* 192 */
    uint16_t isv_prod_id, isv_svn, config_svn;
    uint8_t reserved4[3834];
};

struct sgx_tcs {
    uint64_t state;
    uint64_t flags; /* bit 0: DBGOPTIN */
    uint64_t ossa;  /* offset of the SSA frames from the enclave base */
    uint32_t cssa, nssa;
    uint64_t oentry;
    uint64_t aep;
    uint64_t ofsbase, ogsbase;
    uint32_t fslimit, gslimit;
    uint8_t reserved[4024];
};

/* The general registers at the end of an SSA frame. */
struct sgx_gpr {
    uint64_t rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi;
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t rflags, rip; /* 128, 136 */
    uint64_t ursp, urbp;  /* 144, 152: the host's, saved by EENTER */
    uint32_t exitinfo;    /* 160: vector 0-7, type 8-10, valid 31 */
    uint8_t reserved[3];
    uint8_t aex_notify;
    uint64_t fsbase, gsbase; /* 168, 176 */
};

#define SGX_EXITINFO_VALID     0x80000000u
#define SGX_EXITINFO_TYPE_HW   0x300u
#define SGX_EXITINFO_TYPE_SW   0x600u
#define SGX_EXITINFO_VECTOR(e) ((e) & 0xffu)

struct sgx_exinfo {
    uint64_t maddr;
    uint32_t errcd;
    uint32_t reserved;
};

#define SGX_VEC_DE 0
#define SGX_VEC_DB 1
#define SGX_VEC_BP 3
#define SGX_VEC_BR 5
#define SGX_VEC_UD 6
#define SGX_VEC_GP 13
#define SGX_VEC_PF 14
#define SGX_VEC_MF 16
#define SGX_VEC_AC 17
#define SGX_VEC_XM 19
#define SGX_VEC_CP 21

struct sgx_sigstruct {
    uint8_t header[16];
    uint32_t vendor;
    uint32_t date; /* BCD yyyymmdd */
    uint8_t header2[16];
    uint32_t swdefined;
    uint8_t reserved1[84];
    uint8_t modulus[384]; /* 128, little-endian as all big numbers here */
    uint32_t exponent;    /* 512: 3 */
    uint8_t signature[384];
    uint32_t miscselect; /* 900 */
    uint32_t miscmask;
    uint8_t reserved2[4];
    uint8_t isv_family_id[16];        /* 912 */
    struct sgx_attributes attributes; /* 928 */
    struct sgx_attributes attribute_mask;
    uint8_t enclave_hash[32]; /* 960 */
    uint8_t reserved3[16];
    uint8_t isv_ext_prod_id[16]; /* 1008 */
    uint16_t isv_prod_id, isv_svn;
    uint8_t reserved4[12];
    uint8_t q1[384]; /* 1040 */
    uint8_t q2[384];
};

/* The signature covers [0, 128) and [900, 1028). */
#define SGX_SIG_PART1_SIZE   128
#define SGX_SIG_PART2_OFFSET 900
#define SGX_SIG_PART2_SIZE   128

_Static_assert(sizeof(struct sgx_secinfo) == 64, "SECINFO");
_Static_assert(sizeof(struct sgx_secs) == 4096, "SECS");
_Static_assert(offsetof(struct sgx_secs, attributes) == 48, "SECS");
_Static_assert(offsetof(struct sgx_secs, mrsigner) == 128, "SECS");
_Static_assert(offsetof(struct sgx_secs, config_id) == 192, "SECS");
_Static_assert(offsetof(struct sgx_secs, isv_prod_id) == 256, "SECS");
_Static_assert(sizeof(struct sgx_tcs) == 4096, "TCS");
_Static_assert(offsetof(struct sgx_tcs, oentry) == 32, "TCS");
_Static_assert(offsetof(struct sgx_tcs, fslimit) == 64, "TCS");
_Static_assert(sizeof(struct sgx_gpr) == 184, "GPRSGX");
_Static_assert(offsetof(struct sgx_gpr, exitinfo) == 160, "GPRSGX");
_Static_assert(offsetof(struct sgx_gpr, fsbase) == 168, "GPRSGX");
_Static_assert(sizeof(struct sgx_exinfo) == 16, "EXINFO");
_Static_assert(sizeof(struct sgx_sigstruct) == 1808, "SIGSTRUCT");
_Static_assert(offsetof(struct sgx_sigstruct, exponent) == 512, "SIGSTRUCT");
_Static_assert(offsetof(struct sgx_sigstruct, miscselect) == 900, "SIGSTRUCT");
_Static_assert(offsetof(struct sgx_sigstruct, isv_family_id) == 912, "SIGSTRUCT");
_Static_assert(offsetof(struct sgx_sigstruct, enclave_hash) == 960, "SIGSTRUCT");
_Static_assert(offsetof(struct sgx_sigstruct, q1) == 1040, "SIGSTRUCT");

#endif
