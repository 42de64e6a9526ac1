/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One row of the table of /proc files; private to enclave/fs/proc. "self" stands for the number of
 * the process; directories are implied by the paths.
 */
#ifndef ENCLAVE_FS_PROC_ROW_H
#define ENCLAVE_FS_PROC_ROW_H

#include "enclave/fs/proc/proc.h"

#define PROC_TEXT_SIZE 8192u

/* A text under construction: what does not fit is cut. */
struct proc_text {
    span buf;
    size_t n;
    const struct proc_source *source;
};

void proc_print(struct proc_text *t, const char *fmt, ...) PRINTF(2, 3);

struct proc_row {
    const char *path;
    void (*text)(struct proc_text *t); /* a file, or the target of a link */
    bool is_link;
    /* A link that leads to an object, counted in *out. */
    err (*jump)(const struct proc_view *v, struct dentry **out);
};

extern const struct proc_row proc_rows[];
extern const size_t proc_row_count;

#endif
