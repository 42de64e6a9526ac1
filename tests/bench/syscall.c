/* SPDX-License-Identifier: BSD-3-Clause
 * The price of entering the kernel: getppid, which does nothing there.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

static void one(void *arg) {
    *(long *)arg += syscall(SYS_getppid);
}

int main(void) {
    long sum = 0;

    bench("getppid", one, &sum, 200000);
    return 0;
}
