/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The address map of the enclave, the same in every mode (docs/memory.md has the picture).
 *
 *   0            64 KiB never mapped: NULL stays inside ELRANGE and faults
 *   USER_BASE    programs, their heaps and stacks
 *   KHEAP_BASE   kernel heap, committed on demand
 *   LIBOS_BASE   the LibOS ELF image, linked to run here
 *   CONFIG_BASE  the measured configuration (abi/image/config.h)
 *   VCPU_BASE    per vCPU: TCS, SSA frames, exception stack, boot stack
 *   ELRANGE_SIZE end; everything of the host lies above
 *
 * ELRANGE_BITS is the one value; nothing else may assume it. Assembly and linker scripts read this
 * file too.
 */
#ifndef ABI_IMAGE_LAYOUT_H
#define ABI_IMAGE_LAYOUT_H

#ifdef __ASSEMBLER__
#define LAYOUT_U64(v) v
#else
#define LAYOUT_U64(v) v##ull
#endif

#define ELRANGE_BITS 38
#define ELRANGE_SIZE (LAYOUT_U64(1) << ELRANGE_BITS)

#define PAGE_SIZE  LAYOUT_U64(4096)
#define PAGE_SHIFT 12

#define USER_BASE  LAYOUT_U64(0x10000)
#define USER_TOP   KHEAP_BASE
#define KHEAP_BASE (LIBOS_BASE - KHEAP_SPAN)
#define KHEAP_SPAN (LAYOUT_U64(16) << 30)
#define LIBOS_BASE (ELRANGE_SIZE - (LAYOUT_U64(1) << 30))

#define CONFIG_BASE     (LIBOS_BASE + (LAYOUT_U64(256) << 20))
#define CONFIG_MAX_SIZE (LAYOUT_U64(1) << 20)

/* One slot per vCPU. The gaps between the areas are never mapped: they are the guards. */
#define VCPU_BASE       (LIBOS_BASE + (LAYOUT_U64(512) << 20))
#define VCPU_STRIDE     (64 * PAGE_SIZE)
#define VCPU_TCS        LAYOUT_U64(0)
#define VCPU_SSA        (1 * PAGE_SIZE)
#define SSA_FRAME_PAGES LAYOUT_U64(1)
#define SSA_FRAME_SIZE  (SSA_FRAME_PAGES * PAGE_SIZE)
#define SSA_FRAMES      LAYOUT_U64(3)
#define VCPU_EXC_STACK  (8 * PAGE_SIZE)
#define EXC_STACK_SIZE  (4 * PAGE_SIZE)
#define VCPU_BOOT_STACK (16 * PAGE_SIZE)
#define BOOT_STACK_SIZE (16 * PAGE_SIZE)
#define TCS_COUNT       LAYOUT_U64(32)

/* Every ENCLU of the enclave lies in the first bytes from its entry point on (entry.S). */
#define ENTRY_TEXT_SIZE   1024
#define ENTRY_EEXIT_SITES 2
#define ENTRY_OTHER_SITES 2 /* EACCEPT, EMODPE */

#endif
