/* SPDX-License-Identifier: BSD-3-Clause
 *
 * mmap, munmap, mprotect, brk, madvise: checks of Linux's rules, then enclave/mm. A private file
 * mapping is a copy made now; it becomes lazy when page faults are served.
 */
#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "base/heap.h"
#include "base/log.h"
#include "enclave/file/fdtable.h"
#include "enclave/file/file.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"
#include "enclave/sys/calls.h"

#define PROT_ALL   (PROT_READ | PROT_WRITE | PROT_EXEC)
#define COPY_CHUNK (64u << 10)

static err fill_from_file(struct file *f, uaddr at, uint64_t size, uint64_t off) {
    uint64_t done = 0;

    while (done < size) {
        struct user_iovec slot;
        struct uio u;
        size_t n;
        uio_user(&u, &slot, UADDR(at.va + done), min_u64(size - done, COPY_CHUNK));
        TRY(file_pread(f, &u, off + done, &n));
        if (n == 0)
            break; /* end of file: the rest of the page stays zero */
        done += n;
    }
    return OK;
}

static err map_file(struct task *t, struct mm_map_request *req, fd_t fd, uint64_t off, uaddr *at) {
    struct file *f OWNED(file_put_p) = NULL;
    uint32_t prot = req->prot;

    TRY(fd_lookup(t->proc->files, fd, &f));
    if (!file_readable(f))
        return ERR(EACCES);
    if (!f->ops->seekable)
        return ERR(ENODEV);
    req->prot = PROT_READ | PROT_WRITE;
    req->origin.file_off = off;
    fmt_to(span_of(req->origin.name, VMA_NAME_MAX - 1), "%s", f->ops->kind);
    TRY(mm_map(t->proc->mm, req, at));
    err e = fill_from_file(f, *at, req->size, off);
    if (!failed(e))
        e = mm_protect(t->proc->mm, *at, req->size, prot);
    if (failed(e)) {
        err undone = mm_unmap(t->proc->mm, *at, req->size);
        (void)undone.no; /* the first error is the one to report */
    }
    return e;
}

err sys_mmap(struct task *t, int64_t *ret, u_ptr addr, size_t len, mem_prot prot, map_flags flags,
             fd_t fd, file_off off) {
    struct mm_map_request req = {.addr = addr,
                                 .prot = prot & PROT_ALL, /* Linux ignores the rest */
                                 .fixed = (flags & MAP_FIXED) != 0,
                                 .noreplace = (flags & MAP_FIXED_NOREPLACE) != 0};
    uint32_t type = flags & MAP_TYPE;
    uaddr at;

    if (len == 0 || off < 0 || !is_aligned((uint64_t)off, PAGE_SIZE))
        return ERR(EINVAL);
    if (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
        return ERR(EINVAL);
    if (!align_up_ok(&req.size, len, PAGE_SIZE))
        return ERR(ENOMEM);
    if (req.noreplace)
        req.fixed = false;
    if ((flags & MAP_ANONYMOUS) != 0) {
        TRY(mm_map(t->proc->mm, &req, &at));
    } else {
        /* Sharing with a file that can be written needs the page cache; reading is a copy. */
        if (type != MAP_PRIVATE && (prot & PROT_WRITE) != 0)
            return ERR(ENODEV);
        if (!range_ok((uint64_t)off, req.size, INT64_MAX))
            return ERR(EOVERFLOW);
        TRY(map_file(t, &req, fd, (uint64_t)off, &at));
    }
    *ret = (int64_t)at.va;
    return OK;
}

static err page_range(uaddr addr, size_t len, uint64_t *size) {
    if (!is_aligned(addr.va, PAGE_SIZE))
        return ERR(EINVAL);
    return align_up_ok(size, len, PAGE_SIZE) ? OK : ERR(ENOMEM);
}

err sys_munmap(struct task *t, int64_t *ret, u_ptr addr, size_t len) {
    uint64_t size;

    TRY(page_range(addr, len, &size));
    if (size == 0)
        return ERR(EINVAL);
    err e = mm_unmap(t->proc->mm, addr, size);
    return e.no == ENOMEM && !range_ok(addr.va, size, USER_TOP) ? ERR(EINVAL) : e;
}

err sys_mprotect(struct task *t, int64_t *ret, u_ptr addr, size_t len, mem_prot prot) {
    uint64_t size;

    TRY(page_range(addr, len, &size));
    if (size == 0)
        return OK;
    if ((prot & ~(PROT_ALL | PROT_SEM)) != 0)
        return ERR(EINVAL);
    return mm_protect(t->proc->mm, addr, size, prot & PROT_ALL);
}

err sys_brk(struct task *t, int64_t *ret, u_ptr addr) {
    *ret = (int64_t)mm_brk(t->proc->mm, addr).va;
    return OK;
}

err sys_madvise(struct task *t, int64_t *ret, u_ptr addr, size_t len, int advice) {
    uint64_t size;

    TRY(page_range(addr, len, &size));
    switch (advice) {
    case MADV_NORMAL:
    case MADV_RANDOM:
    case MADV_SEQUENTIAL:
    case MADV_WILLNEED:
    case MADV_FREE:
    case MADV_HUGEPAGE:
    case MADV_NOHUGEPAGE:
    case MADV_DONTDUMP:
    case MADV_DODUMP:
        return OK;
    case MADV_DONTNEED:
        return size == 0 ? OK : mm_discard(t->proc->mm, addr, size);
    default:
        return ERR(EINVAL);
    }
}
