/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The launcher's own system calls. It has no libc: its start-up costs one execve and nothing else,
 * and it has no thread-local storage that could clash with the enclave's FS.
 */
#ifndef HOST_RUN_SYS_H
#define HOST_RUN_SYS_H

#include "base/compiler.h"

#define SYS_read          0
#define SYS_write         1
#define SYS_open          2
#define SYS_close         3
#define SYS_fstat         5
#define SYS_poll          7
#define SYS_mmap          9
#define SYS_mprotect      10
#define SYS_munmap        11
#define SYS_rt_sigaction  13
#define SYS_ioctl         16
#define SYS_pread64       17
#define SYS_nanosleep     35
#define SYS_setitimer     38
#define SYS_fcntl         72
#define SYS_readlink      89
#define SYS_sigaltstack   131
#define SYS_prctl         157
#define SYS_clock_gettime 228
#define SYS_exit_group    231

/* The kernel's answer as it is: >= 0, or -errno. */
static inline int64_t sys_call6(int64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                uint64_t e, uint64_t f) {
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    int64_t ret;

    __asm__ volatile("syscall"
                     : "=a"(ret)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return ret;
}

static inline int64_t sys_call3(int64_t nr, uint64_t a, uint64_t b, uint64_t c) {
    return sys_call6(nr, a, b, c, 0, 0, 0);
}

#define PTR(p) ((uint64_t)(uintptr_t)(p))

#define PROT_NONE  0
#define PROT_READ  1
#define PROT_WRITE 2
#define PROT_EXEC  4

#define MAP_SHARED          0x01
#define MAP_PRIVATE         0x02
#define MAP_FIXED           0x10
#define MAP_ANONYMOUS       0x20
#define MAP_NORESERVE       0x4000
#define MAP_FIXED_NOREPLACE 0x100000

#define O_RDONLY  0
#define O_RDWR    2
#define O_CLOEXEC 02000000

/* The part of the kernel's struct stat (x86-64) that is looked at. */
struct kernel_stat {
    uint64_t dev, ino, nlink;
    uint32_t mode, uid, gid, pad;
    uint64_t rdev;
    int64_t size;
    uint64_t rest[11];
};

#define S_IFMT  0170000u
#define S_IFREG 0100000u
#define S_IFIFO 0010000u
#define S_IFCHR 0020000u

NORETURN static inline void sys_exit(int code) {
    for (;;)
        sys_call3(SYS_exit_group, (uint64_t)code, 0, 0);
}

static inline int64_t sys_mmap(uint64_t addr, uint64_t size, int prot, int flags, int fd,
                               uint64_t offset) {
    return sys_call6(SYS_mmap, addr, size, (uint64_t)prot, (uint64_t)flags, (uint64_t)fd, offset);
}

#endif
