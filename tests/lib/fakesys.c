/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Stand-ins for the system calls that are not in the twin because they need the real enclave. They
 * are weak: as soon as a call's own file is in the twin, the linker takes that. The rows are those
 * of abi/linux/syscalls.def.
 */
#include "enclave/sys/calls.h"

#include "enclave/sched/task.h"

#define WEAK __attribute__((weak))
#define S0(nr, name)                                                                               \
    WEAK err sys_##name(struct task *t, int64_t *ret) {                                            \
        return ERR(ENOSYS);                                                                        \
    }
#define S1(nr, name, t0, n0)                                                                       \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0) {                                     \
        return ERR(ENOSYS);                                                                        \
    }
#define S2(nr, name, t0, n0, t1, n1)                                                               \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1) {                              \
        return ERR(ENOSYS);                                                                        \
    }
#define S3(nr, name, t0, n0, t1, n1, t2, n2)                                                       \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2) {                       \
        return ERR(ENOSYS);                                                                        \
    }
#define S4(nr, name, t0, n0, t1, n1, t2, n2, t3, n3)                                               \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3) {                \
        return ERR(ENOSYS);                                                                        \
    }
#define S5(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4)                                       \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4) {         \
        return ERR(ENOSYS);                                                                        \
    }
#define S6(nr, name, t0, n0, t1, n1, t2, n2, t3, n3, t4, n4, t5, n5)                               \
    WEAK err sys_##name(struct task *t, int64_t *ret, t0 n0, t1 n1, t2 n2, t3 n3, t4 n4, t5 n5) {  \
        return ERR(ENOSYS);                                                                        \
    }

// clang-format off
S6(9, mmap, u_ptr, addr, size_t, len, mem_prot, prot, map_flags, flags, fd_t, fd, file_off, off)
S3(10, mprotect, u_ptr, addr, size_t, len, mem_prot, prot)
S2(11, munmap, u_ptr, addr, size_t, len)
S1(12, brk, u_ptr, addr)
S4(13, rt_sigaction, sig_no, sig, u_in, act, u_out, old, size_t, set_size)
S4(14, rt_sigprocmask, int, how, u_in, set, u_out, old, size_t, set_size)
S0(24, sched_yield)
S3(28, madvise, u_ptr, addr, size_t, len, int, advice)
S2(35, nanosleep, u_in, request, u_out, left)
S0(39, getpid)
S1(60, exit, int, status)
S2(62, kill, int, pid, sig_no, sig)
S1(63, uname, u_out, name)
S2(96, gettimeofday, u_out, tv, u_out, tz)
S2(97, getrlimit, int, resource, u_out, limit)
S2(98, getrusage, int, who, u_out, usage)
S1(99, sysinfo, u_out, info)
S1(100, times, u_out, buf)
S0(102, getuid)
S0(104, getgid)
S0(107, geteuid)
S0(108, getegid)
S2(109, setpgid, int, pid, int, pgid)
S0(110, getppid)
S0(111, getpgrp)
S2(115, getgroups, int, count, u_out, list)
S3(118, getresuid, u_out, ruid, u_out, euid, u_out, suid)
S3(120, getresgid, u_out, rgid, u_out, egid, u_out, sgid)
S1(121, getpgid, int, pid)
S1(124, getsid, int, pid)
S2(131, sigaltstack, u_in, new_stack, u_out, old_stack)
S5(157, prctl, int, option, uint64_t, a, uint64_t, b, uint64_t, c, uint64_t, d)
S2(158, arch_prctl, int, code, uint64_t, addr)
S0(186, gettid)
S2(200, tkill, int, tid, sig_no, sig)
S1(201, time, u_out, out)
S6(202, futex, u_ptr, word, int, op, uint32_t, val, u_in, timeout, u_ptr, word2, uint32_t, val3)
S3(204, sched_getaffinity, int, pid, size_t, len, u_out, mask)
S1(218, set_tid_address, u_ptr, tid)
S2(228, clock_gettime, clock_no, clock, u_out, ts)
S2(229, clock_getres, clock_no, clock, u_out, ts)
S4(230, clock_nanosleep, clock_no, clock, int, flags, u_in, request, u_out, left)
S1(231, exit_group, int, status)
S3(234, tgkill, int, tgid, int, tid, sig_no, sig)
S2(273, set_robust_list, u_ptr, head, size_t, len)
S4(302, prlimit64, int, pid, int, resource, u_in, new_limit, u_out, old_limit)
S3(318, getrandom, u_out, buf, size_t, len, uint32_t, flags)
// clang-format on
