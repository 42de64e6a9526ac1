/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Functions that the kernel maps into every process (the vDSO), found by name.
 */
#ifndef HOST_RUN_VDSO_H
#define HOST_RUN_VDSO_H

#include "base/span.h"

/* The image's span: from its first byte, which AT_SYSINFO_EHDR names, to its end. Empty if it is
 * not an ELF image that can be understood. `head` is at least its first page. */
cspan vdso_image(cspan head);

/* The offset from the image's start of the function `name`; 0 if there is none. Total: any bytes
 * may be given. */
uint64_t vdso_find(cspan image, const char *name);

#endif
