/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The driver says little: an error number whose meaning depends on the step. The meanings are those
 * of arch/x86/kernel/cpu/sgx in Linux; a number that is not listed is given as it is.
 */
#include "abi/image/layout.h"
#include "base/err.h"
#include "host/run/hw.h"
#include "host/run/say.h"

#define EPC_LOST "the enclave memory was lost (the machine slept, or EPC failed); run again"
#define EPC_FULL "no enclave memory (EPC) or kernel memory is left; end other enclaves"

static const struct {
    enum hw_step step;
    int no;
    const char *why;
} g_reasons[] = {
    {HW_OPEN, ENOENT,
     "/dev/sgx_enclave is not there: Linux 6.0 or newer with its SGX driver is "
     "needed, and in a container the device must be passed in"},
    {HW_OPEN, EACCES, "/dev/sgx_enclave may not be opened: ask for access to it (group sgx)"},
    {HW_OPEN, EPERM, "/dev/sgx_enclave may not be opened: the container does not allow the device"},
    {HW_OPEN, ENODEV, "/dev/sgx_enclave has no driver: Linux did not enable SGX on this machine"},
    {HW_OPEN, ENXIO, "/dev/sgx_enclave has no driver: Linux did not enable SGX on this machine"},
    {HW_RESERVE, ENOMEM, "a limit on virtual memory is set (see `ulimit -v`); remove it"},
    {HW_RESERVE, EPERM, "is vm.mmap_min_addr above 65536?"},
    {HW_RESERVE, EEXIST, "something else lies there already"},
    {HW_RESERVE, EACCES, "the process has the personality READ_IMPLIES_EXEC; start it without"},
    {HW_MAP, EPERM, "/dev is mounted noexec; remount it with exec"},
    {HW_MAP, EACCES, "/dev is mounted noexec, or a security module forbids it"},
    {HW_MAP, ENOMEM, "too many mappings or too little memory"},
    {HW_CREATE, EIO, "the CPU refuses its size, attributes or extended states (ECREATE)"},
    {HW_CREATE, EINVAL, "the driver refuses its size or attributes"},
    {HW_CREATE, ENOMEM, EPC_FULL},
    {HW_ADD, EACCES, "the instance lies on a file system mounted noexec; move or remount it"},
    {HW_ADD, EINVAL, "the driver refuses the page's place or permissions"},
    {HW_ADD, EBUSY, "the enclave has this page already"},
    {HW_ADD, EFAULT, "the enclave file became shorter while it was loaded"},
    {HW_ADD, ENOMEM, EPC_FULL},
    {HW_ADD, EIO, EPC_LOST},
    {HW_INIT, EPERM, "the CPU refuses its measurement or signature (EINIT)"},
    {HW_INIT, EIO, EPC_LOST},
    {HW_INIT, EACCES, "it asks for the provisioning key, which was not granted"},
    {HW_INIT, EINVAL, "its signature demands attributes or extended states that this CPU lacks"},
    {HW_INIT, ENOMEM, EPC_FULL},
};

static const char *const g_steps[HW_STEP_COUNT] = {
    [HW_OPEN] = "cannot use SGX",
    [HW_RESERVE] = "cannot reserve the enclave's addresses",
    [HW_MAP] = "cannot map the enclave's pages",
    [HW_CREATE] = "cannot create the enclave",
    [HW_ADD] = "cannot add a page to the enclave",
    [HW_INIT] = "cannot start the enclave",
};

void hw_refuse(enum hw_step step, int64_t answer) {
    for (size_t i = 0; i < COUNT_OF(g_reasons); i++) {
        if (g_reasons[i].step == step && g_reasons[i].no == -answer)
            die(EXIT_REFUSED, "SGX mode HW: %s: %s", g_steps[step], g_reasons[i].why);
    }
    if (answer >= 0)
        die(EXIT_REFUSED, "SGX mode HW: %s: the driver answered %lld", g_steps[step],
            (long long)answer);
    die(EXIT_REFUSED, "SGX mode HW: %s (%s)", g_steps[step], err_name((int)-answer));
}
