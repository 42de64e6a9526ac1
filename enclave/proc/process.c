/* SPDX-License-Identifier: BSD-3-Clause
 *
 * So far there is one process; when it ends, the enclave ends with its exit code.
 */
#include "enclave/proc/process.h"

#include "abi/host/area.h"
#include "arch/x86_64/exit.h"
#include "base/heap.h"
#include "base/mem.h"
#include "base/trap.h"

void process_exit(struct process *p, int code) {
    enclave_exit(HOST_EXIT_DONE, (uint64_t)code & 0xff);
    trap(TRAP_UNREACHABLE);
}

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
