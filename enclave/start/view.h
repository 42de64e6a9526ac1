/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What /proc shows, told by those who know: file systems know no processes.
 */
#ifndef ENCLAVE_START_VIEW_H
#define ENCLAVE_START_VIEW_H

#include "enclave/fs/proc/proc.h"

extern const struct proc_source start_view;

#endif
