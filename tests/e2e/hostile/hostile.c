/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A launcher that breaks the rules: the real one, with every entry of the enclave (sim_eenter) and
 * every served call (serve) wrapped by the linker. What it does is said by HOSTILE=NAME[:N] among
 * the strings of the start block; tests/e2e/hostile_launcher.py knows what must come of it.
 */
#include "abi/host/start.h"
#include "base/le.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/span.h"
#include "host/run/say.h"
#include "host/run/serve.h"
#include "host/run/sim.h"
#include "host/run/sys.h"

#define IN_ELRANGE 0x3fc0000000ull

struct enclave_exit __real_sim_eenter(struct sgx_tcs *tcs, uint64_t cssa, uint64_t rdi,
                                      struct sgx_gpr *ssa_gpr);
struct enclave_exit __wrap_sim_eenter(struct sgx_tcs *tcs, uint64_t cssa, uint64_t rdi,
                                      struct sgx_gpr *ssa_gpr);
void __real_serve(struct host_area *area);
void __wrap_serve(struct host_area *area);

static char g_what[64];
static uint64_t g_number; /* behind the colon */
static uint64_t g_calls;

static bool is(const char *what) {
    return str_equal(g_what, what);
}

static void what_to_do(const struct start_block *b) {
    static const char key[] = "HOSTILE=";
    cspan rest = cspan_of(b + 1, b->strings_size), s;
    size_t n = 0;

    while (rest.n > 0 && cspan_sub(&s, rest, 0, cspan_find(rest, 0))) {
        cspan value;
        if (cspan_sub(&value, s, 0, sizeof(key) - 1) && cspan_equal(value, CSPAN_LIT(key)) &&
            cspan_from(&value, s, sizeof(key) - 1))
            for (; n < value.n && value.p[n] != ':' && n < sizeof(g_what) - 1; n++)
                g_what[n] = (char)value.p[n];
        if (n > 0) {
            for (size_t i = sizeof(key) + n; i < s.n; i++)
                g_number = g_number * 10 + (uint64_t)(s.p[i] - '0');
            return;
        }
        if (!cspan_from(&rest, rest, s.n + 1))
            return;
    }
}

/* The start block, or the address of it. */
static uint64_t spoil_start(struct start_block *b) {
    b->magic ^= is("magic");
    b->version += is("version");
    if (is("total-small"))
        b->total_size = sizeof(*b) - 1;
    if (is("total-big"))
        b->total_size = START_MAX_SIZE + 1;
    if (is("total-max"))
        b->total_size = UINT32_MAX, b->strings_size = UINT32_MAX - (uint32_t)sizeof(*b);
    b->strings_size -= is("strings");
    b->argc += is("argc-more");
    b->argc = is("argc-none") ? 0 : b->argc;
    b->argc = is("argc-huge") ? UINT32_MAX : b->argc;
    b->envc = is("envc-huge") ? UINT32_MAX : b->envc;
    b->log_level = is("log-level") ? UINT32_MAX : b->log_level;
    b->flags = is("flags") ? UINT64_MAX : b->flags;
    if (is("area-inside"))
        b->call_area = IN_ELRANGE;
    if (is("area-border"))
        b->call_area = (1ull << 38) - 4096;
    if (is("area-null"))
        b->call_area = 0;
    if (is("area-wraps"))
        b->call_area = UINT64_MAX - 4095;
    b->call_area += is("area-unaligned") ? 8 : 0;
    if (is("area-unmapped"))
        b->call_area = 1ull << 46;
    if (is("block-inside"))
        return IN_ELRANGE;
    if (is("block-null"))
        return 0;
    return PTR(b) + (is("block-unaligned") ? 4 : 0);
}

/* At an exception: enter otherwise than the CPU would, or with another reason. */
static uint64_t spoil_exception(struct sgx_tcs *tcs) {
    struct sgx_gpr *frame = sim_ssa_gpr(tcs, 0);

    if (is("exitinfo"))
        frame->exitinfo = (uint32_t)g_number;
    if (is("exitinfo-valid"))
        frame->exitinfo = SGX_EXITINFO_VALID | (uint32_t)g_number;
    if (is("fresh-again"))
        return 0;
    return is("cssa-2") ? 2 : 1;
}

struct enclave_exit __wrap_sim_eenter(struct sgx_tcs *tcs, uint64_t cssa, uint64_t rdi,
                                      struct sgx_gpr *ssa_gpr) {
    struct enclave_exit e;

    if (cssa == 0 && rdi != 0) {
        what_to_do((const struct start_block *)(uintptr_t)rdi);
        rdi = spoil_start((struct start_block *)(uintptr_t)rdi);
    } else if (cssa == 0 && is("return-cssa-2")) {
        cssa = 2;
    } else if (cssa == 1) {
        cssa = spoil_exception(tcs);
    } else if (is("return-spurious")) {
        sim_ssa_gpr(tcs, 0)->exitinfo = 0x7fffffff;
        e = __real_sim_eenter(tcs, 1, rdi, sim_ssa_gpr(tcs, 1));
        if (e.code != HOST_EXIT_EXC)
            die(99, "a spurious exception left with %llu", (unsigned long long)e.code);
    }
    e = __real_sim_eenter(tcs, cssa, rdi, ssa_gpr);
    if (e.code == HOST_EXIT_DONE && is("after-done"))
        e = __real_sim_eenter(tcs, 0, 0, ssa_gpr);
    return e;
}

/* Call number N, counted from 0, gets another answer. */
void __wrap_serve(struct host_area *area) {
    __real_serve(area);
    if (g_calls++ != g_number)
        return;
    if (is("answer-more"))
        area->result++;
    if (is("answer-less"))
        area->result--;
    if (is("answer-min"))
        area->result = INT64_MIN;
    if (is("answer-max"))
        area->result = INT64_MAX;
    if (is("answer-errno"))
        area->result = -4095;
    if (is("answer-data"))
        area->data[0] ^= 1;
}
