/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a process is called.
 */
#include "enclave/proc/process.h"

#include "base/heap.h"
#include "base/mem.h"

err process_set_exe(struct process *p, cspan path) {
    char *copy OWNED(heap_free_p) = heap_alloc(path.n + 1);
    size_t slash = path.n;
    cspan name;

    if (copy == NULL)
        return ERR(ENOMEM);
    mem_copy(copy, path.p, path.n);
    while (slash > 0 && copy[slash - 1] != '/')
        slash--;
    if (!cspan_sub(&name, path, slash, min_u64(path.n - slash, COMM_SIZE - 1)))
        return ERR(EINVAL);
    /* commit */
    mem_zero(p->comm, COMM_SIZE);
    mem_copy(p->comm, name.p, name.n);
    heap_free(p->exe_path);
    p->exe_path = GIVE(copy);
    return OK;
}
