/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Flags of mmap(2) and mprotect(2), as Linux numbers them on x86-64.
 */
#ifndef ABI_LINUX_MMAN_H
#define ABI_LINUX_MMAN_H

#define PROT_NONE  0x0u
#define PROT_READ  0x1u
#define PROT_WRITE 0x2u
#define PROT_EXEC  0x4u
#define PROT_SEM   0x8u /* no meaning on x86 */

#define MAP_SHARED          0x01u
#define MAP_PRIVATE         0x02u
#define MAP_SHARED_VALIDATE 0x03u
#define MAP_TYPE            0x0fu
#define MAP_FIXED           0x10u
#define MAP_ANONYMOUS       0x20u
#define MAP_GROWSDOWN       0x100u
#define MAP_NORESERVE       0x4000u
#define MAP_POPULATE        0x8000u
#define MAP_STACK           0x20000u
#define MAP_FIXED_NOREPLACE 0x100000u

#define MADV_NORMAL     0
#define MADV_RANDOM     1
#define MADV_SEQUENTIAL 2
#define MADV_WILLNEED   3
#define MADV_DONTNEED   4
#define MADV_FREE       8
#define MADV_HUGEPAGE   14
#define MADV_NOHUGEPAGE 15
#define MADV_DONTDUMP   16
#define MADV_DODUMP     17

#endif
