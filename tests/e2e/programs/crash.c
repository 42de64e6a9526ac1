/* SPDX-License-Identifier: BSD-3-Clause
 * Dies in the way its argument names. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((noinline)) static void write_null(void) {
    *(volatile int *)(long)atoi("0") = 1;
}

int main(int argc, char **argv) {
    static char stack[4096];
    volatile int zero = 0;
    long getpid_number = 39;

    if (argc < 2)
        return 2;
    if (strcmp(argv[1], "segv") == 0)
        write_null();
    if (strcmp(argv[1], "ill") == 0)
        __asm__ volatile("ud2");
    if (strcmp(argv[1], "fpe") == 0)
        return 7 / zero;
    if (strcmp(argv[1], "abort") == 0)
        abort();
    if (strcmp(argv[1], "term") == 0)
        raise(SIGTERM);
    if (strcmp(argv[1], "gs") == 0) /* GS is the LibOS's; a program that breaks it breaks nothing */
        __asm__ volatile("wrgsbase %1; syscall"
                         : "+a"(getpid_number)
                         : "r"(0L)
                         : "rcx", "r11", "memory");
    if (strcmp(argv[1], "tls") == 0) /* a thread whose thread pointer is no address */
        return syscall(SYS_clone, 0x3d0f00, stack + sizeof(stack), 0, 0, 1L << 60) == -1 &&
                       errno == EPERM
                   ? 0
                   : 1;
    if (strcmp(argv[1], "kernel") == 0) /* an address of the LibOS */
        *(volatile int *)0x3fc0000000 = 1;
    return 0;
}
