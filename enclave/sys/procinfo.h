/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What /proc is told about the process that asks; enclave/start hands it to vfs_start.
 */
#ifndef ENCLAVE_SYS_PROCINFO_H
#define ENCLAVE_SYS_PROCINFO_H

#include "enclave/fs/proc/proc.h"

extern const struct proc_source proc_info;

#endif
