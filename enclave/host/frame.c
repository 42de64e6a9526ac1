/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The protocol of a host call (abi/host/area.h): number, arguments and outgoing bytes are written
 * to host memory, the vCPU leaves, the answer is fetched with one aligned load and checked before
 * anything is made of it. Nothing in the area is ever read back except the answer and the bytes
 * the answer announces.
 */
#include "enclave/host/frame.h"

#include "abi/image/layout.h"
#include "arch/x86_64/exit.h"
#include "arch/x86_64/hostmem.h"
#include "arch/x86_64/vcpu.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/trap.h"

static const char *const g_names[] = {HOST_CALL_NAMES};

err host_area_set(haddr area) {
    uint64_t end;

    if (area.va < ELRANGE_SIZE || !is_aligned(area.va, PAGE_SIZE) ||
        !add_ok(&end, area.va, sizeof(struct host_area)))
        return ERR(EFAULT);
    vcpu_current()->host_area = area;
    return OK;
}

static haddr area_at(uint64_t offset) {
    return HADDR(vcpu_current()->host_area.va + offset);
}

void host_begin(struct host_frame *f, uint32_t number) {
    *f = (struct host_frame){.number = number};
}

void host_arg(struct host_frame *f, uint64_t value) {
    CHECK(f->arg_count < HOST_ARGS_MAX);
    f->args[f->arg_count++] = value;
}

err host_arg_out(struct host_frame *f, size_t n, haddr *at) {
    uint64_t size;

    if (!align_up_ok(&size, n, 8) || !range_ok(f->data_used, size, HOST_DATA_MAX))
        return ERR(EMSGSIZE);
    *at = area_at(offsetof(struct host_area, data) + f->data_used);
    f->data_used += size;
    host_arg(f, at->va);
    host_arg(f, n);
    return OK;
}

err host_arg_in(struct host_frame *f, cspan data) {
    haddr at;

    TRY(host_arg_out(f, data.n, &at));
    hostmem_put(at, data);
    return OK;
}

err host_go(struct host_frame *f, int64_t *result) {
    hostmem_put_u64(area_at(offsetof(struct host_area, number)), f->number);
    for (uint32_t i = 0; i < HOST_ARGS_MAX; i++)
        hostmem_put_u64(area_at(offsetof(struct host_area, args) + 8ull * i), f->args[i]);
    enclave_exit(HOST_EXIT_CALL, 0);

    int64_t answer = (int64_t)hostmem_get_u64(area_at(offsetof(struct host_area, result)));
    if (answer < -4095 || (answer < 0 && str_equal(err_name((int)-answer), "E?")))
        return host_lied(f);
    if (answer < 0)
        return ERR((int)-answer);
    *result = answer;
    return OK;
}

void host_take(span dst, haddr at) {
    hostmem_get(dst, at);
}

err host_lied(const struct host_frame *f) {
    /* A lie about `log` itself must not be logged: it would come back here for ever. */
    if (f->number != HOST_CALL_log)
        log_err("host", "%s: the host's answer breaks its contract; the call gives EIO",
                g_names[f->number]);
    return ERR(EIO);
}

size_t host_clamp(size_t n) {
    return (size_t)min_u64(n, HOST_DATA_MAX);
}
