/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pages of the running enclave. Growing needs nothing from here: the enclave's EACCEPT touches the
 * page, the kernel's fault handler augments it (EAUG), and EACCEPT is repeated. What only the
 * kernel may do, taking permissions away, trimming and removing, are ioctls over a range, which may
 * stop anywhere and are taken up where they stopped.
 *
 * The page map (emu_epcm.c) holds what the EPCM should say, because the enclave must be told the
 * truth: EMODPR marks a page as waiting for EACCEPT, so it is done only where something is lost.
 */
#include "abi/image/layout.h"
#include "base/err.h"
#include "base/num.h"
#include "host/run/emu.h"
#include "host/run/hw.h"
#include "host/run/sys.h"

#define EPCM_RWX (EPCM_R | EPCM_W | EPCM_X)

_Static_assert(sizeof(struct hw_restrict) == sizeof(struct hw_modify) &&
                   offsetof(struct hw_restrict, permissions) ==
                       offsetof(struct hw_modify, page_type) &&
                   offsetof(struct hw_restrict, count) == offsetof(struct hw_modify, count),
               "one function fills in both");

/* One attempt; *count: the bytes that are done. */
static int64_t attempt(uint32_t request, uint64_t addr, uint64_t size, uint64_t what,
                       uint64_t *count) {
    struct hw_remove remove = {.offset = addr, .length = size};
    struct hw_modify modify = {.offset = addr, .length = size, .page_type = what};
    bool removes = request == HW_IOC_REMOVE;
    int64_t e = hw.device->ioctl(hw.fd, request, removes ? PTR(&remove) : PTR(&modify));

    *count = removes ? remove.count : modify.count;
    return e;
}

/* EBUSY: another thread is in the driver. EAGAIN: the kernel is moving the page. Both pass. */
static bool passes(int64_t e) {
    return e == -EINTR || e == -EAGAIN || e == -EBUSY;
}

static int64_t change(uint32_t request, uint64_t addr, uint64_t size, uint64_t what) {
    while (size > 0) {
        uint64_t count = 0;
        int64_t e = attempt(request, addr, size, what, &count);
        if (count > size || !is_aligned(count, PAGE_SIZE))
            return -EIO;
        addr += count;
        size -= count;
        if (!passes(e) && e != 0)
            return e < 0 ? e : -EIO;
        if (e == 0 && count == 0)
            return -EIO;
    }
    return 0;
}

static void set_range(uint64_t addr, uint64_t end, uint8_t entry) {
    for (; addr < end; addr += PAGE_SIZE)
        epcm_set(addr, entry);
}

static bool all_valid(uint64_t addr, uint64_t end) {
    for (; addr < end; addr += PAGE_SIZE) {
        if ((epcm_get(addr) & EPCM_VALID) == 0)
            return false;
    }
    return true;
}

/* Pages can be augmented where the device is mapped for them. */
int64_t hw_commit(uint64_t addr, uint64_t size) {
    uint64_t end;

    if (!add_ok(&end, addr, size) || addr < USER_BASE || end > LIBOS_BASE)
        return -EINVAL;
    for (uint64_t at = addr; at < end; at += PAGE_SIZE) {
        if (epcm_get(at) != 0)
            return -EEXIST;
    }
    set_range(addr, end, EPCM_VALID | EPCM_R | EPCM_W);
    return 0;
}

static bool loses(uint64_t page, uint32_t prot) {
    return (epcm_get(page) & EPCM_RWX & ~prot) != 0;
}

int64_t hw_protect(uint64_t addr, uint64_t size, uint32_t prot) {
    uint64_t end, next;

    if (!add_ok(&end, addr, size) || (prot & ~EPCM_RWX) != 0 || !all_valid(addr, end))
        return -EINVAL;
    for (; addr < end; addr = next) {
        bool restricts = loses(addr, prot);
        for (next = addr; next < end && loses(next, prot) == restricts;)
            next += PAGE_SIZE;
        int64_t e = restricts ? change(HW_IOC_RESTRICT, addr, next - addr, prot) : 0;
        if (e != 0)
            return e;
        set_range(addr, next, (uint8_t)(EPCM_VALID | prot));
    }
    return 0;
}

int64_t hw_trim(uint64_t addr, uint64_t size) {
    uint64_t end;

    if (!add_ok(&end, addr, size) || !all_valid(addr, end))
        return -EINVAL;
    return change(HW_IOC_MODIFY, addr, size, HW_TYPE_TRIM);
}

int64_t hw_release(uint64_t addr, uint64_t size) {
    uint64_t end;

    if (!add_ok(&end, addr, size) || !all_valid(addr, end))
        return -EINVAL;
    int64_t e = change(HW_IOC_REMOVE, addr, size, 0);
    if (e == 0)
        set_range(addr, end, 0);
    return e;
}
