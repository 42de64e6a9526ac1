/* SPDX-License-Identifier: BSD-3-Clause
 *
 * fd_t: a file descriptor as the program names it, unchecked. A type of its own, so that it is not
 * mixed up with a count or a host descriptor.
 */
#ifndef ENCLAVE_FILE_FD_H
#define ENCLAVE_FILE_FD_H

typedef struct {
    int no;
} fd_t;

#define FD(no)   ((fd_t){(no)})
#define FD_CWD   (-100) /* AT_FDCWD */
#define FD_LIMIT 1024   /* RLIMIT_NOFILE */

#endif
