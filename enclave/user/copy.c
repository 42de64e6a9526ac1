/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Copies between the kernel and the program. The range check comes first and is the only one; what
 * lies in the range is found out by touching it, with a fix-up for pages that are not there.
 */
#include "enclave/user/copy.h"

#include "abi/image/layout.h"
#include "arch/x86_64/usercopy.h"

static bool in_user_range(uaddr a, size_t n) {
    return a.va >= USER_BASE && range_ok(a.va, n, USER_TOP);
}

err user_read(span dst, uaddr src) {
    if (dst.n == 0)
        return OK;
    if (!in_user_range(src, dst.n) || usercopy(dst.p, (const void *)(uintptr_t)src.va, dst.n) != 0)
        return ERR(EFAULT);
    return OK;
}

err user_write(uaddr dst, cspan src) {
    if (src.n == 0)
        return OK;
    if (!in_user_range(dst, src.n) || usercopy((void *)(uintptr_t)dst.va, src.p, src.n) != 0)
        return ERR(EFAULT);
    return OK;
}

err user_zero(uaddr dst, size_t n) {
    if (n == 0)
        return OK;
    if (!in_user_range(dst, n) || userzero((void *)(uintptr_t)dst.va, n) != 0)
        return ERR(EFAULT);
    return OK;
}

/* Page by page, so that a string which ends before an unmapped page is found. */
err user_string(span buf, uaddr src, size_t *len) {
    size_t done = 0;

    while (done < buf.n) {
        size_t to_page_end = (size_t)(PAGE_SIZE - src.va % PAGE_SIZE);
        size_t n = (size_t)min_u64(to_page_end, buf.n - done);
        span part;

        if (!span_sub(&part, buf, done, n))
            return ERR(EFAULT);
        TRY(user_read(part, src));
        size_t nul = cspan_find(span_c(part), 0);
        if (nul < n) {
            *len = done + nul;
            return OK;
        }
        done += n;
        if (!uaddr_add(&src, src, n))
            return ERR(EFAULT);
    }
    return ERR(ENAMETOOLONG);
}
