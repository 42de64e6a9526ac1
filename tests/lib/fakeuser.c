/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The copy functions with the real ones' behaviour: whole or EFAULT, user_write after a part.
 */
#include "tests/lib/fakeuser.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/user/copy.h"
#include "tests/lib/fakemem.h"

static uint8_t g_memory[FAKEUSER_SIZE];
static size_t g_used;

void fakeuser_reset(void) {
    memset(g_memory, 0xee, sizeof(g_memory));
    g_used = 0;
}

uaddr fakeuser_room(size_t n) {
    uaddr at = UADDR(FAKEUSER_BASE + g_used);

    g_used += (n + 15) & ~(size_t)15;
    if (g_used > FAKEUSER_SIZE)
        abort();
    return at;
}

void *fakeuser_at(uaddr a, size_t n) {
    if (a.va < FAKEUSER_BASE || !range_ok(a.va - FAKEUSER_BASE, n, FAKEUSER_SIZE))
        abort();
    return &g_memory[a.va - FAKEUSER_BASE];
}

uaddr fakeuser_put(const void *bytes, size_t n) {
    uaddr at = fakeuser_room(n);

    memcpy(fakeuser_at(at, n), bytes, n);
    return at;
}

uaddr fakeuser_str(const char *text) {
    return fakeuser_put(text, strlen(text) + 1);
}

static bool inside(uaddr a, size_t n) {
    return a.va >= FAKEUSER_BASE && range_ok(a.va - FAKEUSER_BASE, n, FAKEUSER_SIZE);
}

/* How many of n bytes from a on are inside. */
static size_t reachable(uaddr a, size_t n) {
    if (a.va < FAKEUSER_BASE || a.va >= FAKEUSER_END)
        return 0;
    return (size_t)min_u64(n, FAKEUSER_END - a.va);
}

err user_read(span dst, uaddr src) {
    if (dst.n == 0)
        return OK;
    if (!inside(src, dst.n))
        return fakemem_read(dst, src.va) ? OK : ERR(EFAULT);
    memcpy(dst.p, fakeuser_at(src, dst.n), dst.n);
    return OK;
}

err user_write(uaddr dst, cspan src) {
    size_t n = reachable(dst, src.n);

    if (n == 0)
        return fakemem_write(dst.va, src) ? OK : ERR(EFAULT);
    memcpy(fakeuser_at(dst, n), src.p, n);
    return n == src.n ? OK : ERR(EFAULT);
}

err user_zero(uaddr dst, size_t n) {
    if (!inside(dst, n))
        return fakemem_zero(dst.va, n) ? OK : ERR(EFAULT);
    memset(fakeuser_at(dst, n), 0, n);
    return OK;
}

err user_string(span buf, uaddr src, size_t *len) {
    size_t n = reachable(src, buf.n);
    const uint8_t *nul;

    if (n == 0)
        return ERR(EFAULT);
    nul = memchr(fakeuser_at(src, n), 0, n);
    if (nul == NULL)
        return ERR(n == buf.n ? ENAMETOOLONG : EFAULT);
    *len = (size_t)(nul - (const uint8_t *)fakeuser_at(src, n));
    memcpy(buf.p, fakeuser_at(src, n), *len + 1);
    return OK;
}
