/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Growing:    host maps (EAUG on the first touch), then EACCEPT of the pending pages.
 * Extending:  EMODPE, then the host changes the page tables.
 * Restricting: the host changes both maps (EMODPR), then EACCEPT of the fact.
 * Shrinking:  host marks as trimmed, EACCEPT of that, host removes.
 */
#include "enclave/mm/pages.h"

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "abi/sgx/arch.h"
#include "arch/x86_64/enclu.h"
#include "base/num.h"
#include "base/trap.h"
#include "enclave/host/call.h"

_Static_assert(PROT_READ == SGX_SECINFO_R && PROT_WRITE == SGX_SECINFO_W &&
                   PROT_EXEC == SGX_SECINFO_X,
               "permissions have the same bits on both sides");

/* The CPU agrees that each page is as `flags` say, or the host lied. */
static void accept(uint64_t start, uint64_t end, uint64_t flags) {
    struct sgx_secinfo info ALIGNED(64) = {.flags = flags};

    for (uint64_t page = start; page < end; page += PAGE_SIZE)
        CHECK(enclu_eaccept(&info, page) == 0);
}

err pages_commit(uint64_t start, uint64_t end) {
    TRY(host_mem_commit(start, end - start));
    accept(start, end, SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W | SGX_SECINFO_PENDING);
    return OK;
}

static void extend(uint64_t start, uint64_t end, uint32_t prot) {
    struct sgx_secinfo info ALIGNED(64) = {.flags = prot};

    for (uint64_t page = start; page < end; page += PAGE_SIZE)
        enclu_emodpe(&info, page);
}

/* Neither page tables nor EPCM know a page that is writable and not readable. */
static uint32_t page_prot(uint32_t prot) {
    return (prot & PROT_WRITE) != 0 ? prot | PROT_READ : prot;
}

err pages_protect(uint64_t start, uint64_t end, uint32_t old, uint32_t fresh) {
    old = page_prot(old);
    fresh = page_prot(fresh);
    bool restricts = (old & ~fresh) != 0;

    if ((fresh & ~old) != 0)
        extend(start, end, fresh);
    if (failed(host_mem_protect(start, end - start, fresh)))
        return ERR(ENOMEM);
    if (restricts)
        accept(start, end, SGX_SECINFO_REG | SGX_SECINFO_PR | fresh);
    return OK;
}

void pages_release(uint64_t start, uint64_t end) {
    /* A host that refuses keeps pages it has to pay for; nothing of ours depends on them. */
    if (failed(host_mem_trim(start, end - start)))
        return;
    accept(start, end, SGX_SECINFO_TRIM | SGX_SECINFO_MODIFIED);
    err ignored = host_mem_release(start, end - start);
    (void)ignored.no;
}
