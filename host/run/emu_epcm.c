/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The EPCM as one byte a page of ELRANGE: 64 MiB of address space that is touched only where there
 * are pages.
 */
#include "abi/image/layout.h"
#include "base/err.h"
#include "host/run/emu.h"
#include "host/run/say.h"
#include "host/run/sys.h"

static uint8_t *g_entries;
static uint64_t g_size;

void epcm_init(uint64_t enclave_size) {
    int64_t at = sys_mmap(0, enclave_size >> PAGE_SHIFT, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (at < 0)
        die(EXIT_REFUSED, "no memory for EMU's page map (errno %lld)", (long long)-at);
    g_entries = (uint8_t *)(uintptr_t)at;
    g_size = enclave_size;
}

uint8_t epcm_get(uint64_t addr) {
    return addr < g_size ? g_entries[addr >> PAGE_SHIFT] : 0;
}

void epcm_set(uint64_t addr, uint8_t entry) {
    if (addr < g_size)
        g_entries[addr >> PAGE_SHIFT] = entry;
}
