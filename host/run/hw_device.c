/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Linux as the HW back end's machine: plain system calls, and the vDSO's enter function.
 */
#include "abi/image/layout.h"
#include "base/err.h"
#include "host/run/hw.h"
#include "host/run/sys.h"
#include "host/run/vdso.h"

#define AT_SYSINFO_EHDR 33
#define F_DUPFD_CLOEXEC 1030
#define FIRST_OWN_FD    3

/* hw.S: calls `function` with the registers of *call, and puts there what the enclave left. */
int64_t hw_vdso_call(struct hw_call *call, uint64_t function);

static uint64_t g_enter; /* 0: there is none */

/* As open_above_stdio(), but for writing too: pages cannot be mapped writable otherwise. */
static int64_t device_open(void) {
    int64_t fd = sys_call3(SYS_open, PTR("/dev/sgx_enclave"), O_RDWR | O_CLOEXEC, 0);
    int64_t high;

    if (fd < 0 || fd >= FIRST_OWN_FD)
        return fd;
    high = sys_call3(SYS_fcntl, (uint64_t)fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
    sys_call3(SYS_close, (uint64_t)fd, 0, 0);
    return high;
}

static int64_t device_ioctl(int fd, uint32_t request, uint64_t arg) {
    return sys_call3(SYS_ioctl, (uint64_t)fd, request, arg);
}

static int64_t device_mmap(uint64_t addr, uint64_t size, int prot, int flags, int fd) {
    return sys_mmap(addr, size, prot, flags, fd, 0);
}

static int64_t device_enter(struct hw_call *call) {
    return g_enter != 0 ? hw_vdso_call(call, g_enter) : -ENOSYS;
}

static const struct sgx_device g_linux = {.open = device_open,
                                          .ioctl = device_ioctl,
                                          .mmap = device_mmap,
                                          .enter = device_enter,
                                          .catch_signals = context_catch_exceptions};

const struct sgx_device *hw_linux(const uint64_t *auxv) {
    for (; auxv[0] != 0; auxv += 2) {
        if (auxv[0] != AT_SYSINFO_EHDR)
            continue;
        const uint8_t *base = (const uint8_t *)(uintptr_t)auxv[1];
        uint64_t offset =
            vdso_find(vdso_image(cspan_of(base, PAGE_SIZE)), "__vdso_sgx_enter_enclave");
        g_enter = offset != 0 ? auxv[1] + offset : 0;
    }
    return &g_linux;
}
