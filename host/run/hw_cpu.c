/* SPDX-License-Identifier: BSD-3-Clause
 *
 * CPUID leaf 7 says whether there is SGX at all (the firmware may have it off), leaf 0x12 what
 * kind. ENCLU is never tried: on some machines it faults in unexpected ways, and a fault proves
 * nothing.
 */
#include "abi/image/layout.h"
#include "host/run/hw.h"

#define LEAF_FEATURES 7u
#define LEAF_SGX      0x12u
#define EBX_SGX       (1u << 2)
#define EAX_SGX1      1u
#define EAX_SGX2      2u
#define ECX_OSXSAVE   (1u << 27)

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf, uint32_t subleaf) {
    struct cpuid c = {.eax = leaf, .ecx = subleaf};

    __asm__ volatile("cpuid" : "+a"(c.eax), "=b"(c.ebx), "+c"(c.ecx), "=d"(c.edx));
    return c;
}

/* XCR0: the extended states the kernel has switched on; legal to read only with OSXSAVE. */
static uint64_t xcr0(void) {
    uint32_t low, high;

    if ((cpuid(1, 0).ecx & ECX_OSXSAVE) == 0)
        return SGX_XFRM_LEGACY;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

struct hw_cpu hw_cpu_read(void) {
    struct hw_cpu cpu = {0};

    if (cpuid(0, 0).eax < LEAF_SGX || (cpuid(LEAF_FEATURES, 0).ebx & EBX_SGX) == 0)
        return cpu;
    struct cpuid kind = cpuid(LEAF_SGX, 0), attributes = cpuid(LEAF_SGX, 1);
    cpu.sgx1 = (kind.eax & EAX_SGX1) != 0;
    cpu.sgx2 = (kind.eax & EAX_SGX2) != 0;
    cpu.exinfo = (kind.ebx & SGX_MISC_EXINFO) != 0;
    cpu.size_bits = kind.edx >> 8 & 0xff;
    cpu.xfrm = ((uint64_t)attributes.edx << 32 | attributes.ecx) & xcr0();
    return cpu;
}

const char *hw_cpu_lacks(const struct hw_cpu *cpu) {
    if (!cpu->sgx1)
        return "this CPU has no SGX, or the firmware has it switched off";
    if (!cpu->sgx2)
        return "this CPU has no SGX2, whose dynamic memory (EDMM) the enclave needs";
    if (!cpu->exinfo)
        return "this CPU does not report page fault addresses to enclaves (EXINFO)";
    if (cpu->size_bits < ELRANGE_BITS)
        return "this CPU's enclaves are too small for the enclave's address range";
    return NULL;
}
