/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The argument types of abi/linux/syscalls.def. Each has a conversion from a register, ARG_type,
 * and a kind, KIND_type, that tells the tracer how to print it. User pointers are all uaddr; their
 * names say which way the bytes go.
 */
#ifndef ENCLAVE_SYS_ARGS_H
#define ENCLAVE_SYS_ARGS_H

#include "base/addr.h"
#include "enclave/file/fd.h"

typedef fd_t dirfd_t; /* or AT_FDCWD */

typedef uaddr u_str; /* NUL-terminated text */
typedef uaddr u_in;  /* the kernel reads there */
typedef uaddr u_out; /* the kernel writes there */
typedef uaddr u_ptr; /* both, or only an address */

typedef int64_t file_off;
typedef uint32_t open_flags;
typedef uint32_t file_mode;
typedef uint32_t at_flags;
typedef uint32_t access_bits;
typedef uint32_t mem_prot;
typedef uint32_t map_flags;
typedef uint32_t ioctl_cmd;
typedef int fcntl_cmd;
typedef int seek_whence;
typedef int clock_no;
typedef int sig_no;

#define ARG_fd_t(r)        FD((int)(uint32_t)(r))
#define ARG_dirfd_t(r)     FD((int)(uint32_t)(r))
#define ARG_u_str(r)       UADDR(r)
#define ARG_u_in(r)        UADDR(r)
#define ARG_u_out(r)       UADDR(r)
#define ARG_u_ptr(r)       UADDR(r)
#define ARG_size_t(r)      ((size_t)(r))
#define ARG_uint64_t(r)    (r)
#define ARG_uint32_t(r)    ((uint32_t)(r))
#define ARG_int(r)         ((int)(uint32_t)(r))
#define ARG_file_off(r)    ((int64_t)(r))
#define ARG_open_flags(r)  ((uint32_t)(r))
#define ARG_file_mode(r)   ((uint32_t)(r))
#define ARG_at_flags(r)    ((uint32_t)(r))
#define ARG_access_bits(r) ((uint32_t)(r))
#define ARG_mem_prot(r)    ((uint32_t)(r))
#define ARG_map_flags(r)   ((uint32_t)(r))
#define ARG_ioctl_cmd(r)   ((uint32_t)(r))
#define ARG_fcntl_cmd(r)   ((int)(uint32_t)(r))
#define ARG_seek_whence(r) ((int)(uint32_t)(r))
#define ARG_clock_no(r)    ((int)(uint32_t)(r))
#define ARG_sig_no(r)      ((int)(uint32_t)(r))

enum sys_arg_kind {
    KIND_fd_t = 1,
    KIND_dirfd_t,
    KIND_u_str,
    KIND_u_in,
    KIND_u_out,
    KIND_u_ptr,
    KIND_size_t,
    KIND_uint64_t,
    KIND_uint32_t,
    KIND_int,
    KIND_file_off,
    KIND_open_flags,
    KIND_file_mode,
    KIND_at_flags,
    KIND_access_bits,
    KIND_mem_prot,
    KIND_map_flags,
    KIND_ioctl_cmd,
    KIND_fcntl_cmd,
    KIND_seek_whence,
    KIND_clock_no,
    KIND_sig_no,
};

#endif
