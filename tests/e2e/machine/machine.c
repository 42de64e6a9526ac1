/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The launcher in HW mode, whole and with a real enclave, on a machine that is made up: EMU's
 * leaves are the CPU, this file is Linux's driver and its fault handler. The back end sees what
 * hardware would show it: pages appear when EACCEPT touches them, mappings never change what a page
 * allows, and an exception in the enclave is a return of the vDSO function.
 *
 * hw.c and hw_pages.c are compiled with a page map of their own, so that what the launcher believes
 * and what the EPCM says are two things here too.
 */
#include "abi/image/layout.h"
#include "base/err.h"
#include "base/mem.h"
#include "host/run/emu.h"
#include "host/run/hw.h"
#include "host/run/say.h"
#include "host/run/sys.h"

#define ENCLU_SIZE 3
#define FD         99

/* vdso.S: a function with the frame of __vdso_sgx_enter_enclave, its ENCLU, and where its fault
 * handler goes on. */
int64_t hw_vdso_call(struct hw_call *call, uint64_t function);
extern const uint8_t fake_vdso_enter[], fake_vdso_enclu[], fake_vdso_exception[];

struct hw_cpu __wrap_hw_cpu_read(void);
const struct sgx_device *__wrap_hw_linux(const uint64_t *auxv);

static int64_t machine_open(void) {
    return FD;
}

static int64_t machine_mmap(uint64_t addr, uint64_t size, int prot, int flags, int fd) {
    if ((flags & MAP_FIXED_NOREPLACE) == 0)
        return (int64_t)addr;
    return sys_mmap(addr, size, PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
}

static void page_tables(uint64_t page, uint64_t prot) {
    if (sys_call3(SYS_mprotect, page, PAGE_SIZE, prot) != 0)
        die(EXIT_CRASH, "the machine cannot protect 0x%llx", (unsigned long long)page);
}

static int64_t add(struct hw_add_pages *a) {
    const struct sgx_secinfo *info = (const struct sgx_secinfo *)(uintptr_t)a->secinfo;
    bool tcs = (info->flags & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS;
    uint8_t perms = (uint8_t)(info->flags & (EPCM_R | EPCM_W | EPCM_X));

    page_tables(a->offset, PROT_READ | PROT_WRITE);
    mem_copy((void *)(uintptr_t)a->offset, (const void *)(uintptr_t)a->src, PAGE_SIZE);
    page_tables(a->offset, tcs ? PROT_READ | PROT_WRITE : perms);
    epcm_set(a->offset, tcs ? EPCM_VALID | EPCM_TCS : (uint8_t)(EPCM_VALID | perms));
    a->count = PAGE_SIZE; /* one at a time: the caller goes on */
    return 0;
}

static int64_t machine_ioctl(int fd, uint32_t request, uint64_t arg) {
    struct hw_modify *m = (struct hw_modify *)(uintptr_t)arg;
    struct hw_remove *r = (struct hw_remove *)(uintptr_t)arg;
    int64_t e = -ENOTTY;

    switch (request) {
    case HW_IOC_CREATE:
        epcm_init(ELRANGE_SIZE);
        return 0;
    case HW_IOC_ADD_PAGES:
        return add((struct hw_add_pages *)(uintptr_t)arg);
    case HW_IOC_INIT:
        return 0;
    case HW_IOC_RESTRICT:
        e = emu_backend.protect(m->offset, PAGE_SIZE, (uint32_t)m->page_type);
        break;
    case HW_IOC_MODIFY:
        e = emu_backend.trim(m->offset, PAGE_SIZE);
        break;
    case HW_IOC_REMOVE:
        e = epcm_get(r->offset) == (EPCM_VALID | EPCM_MODIFIED)
                ? emu_backend.release(r->offset, PAGE_SIZE)
                : -EPERM;
        r->count = e == 0 ? PAGE_SIZE : 0;
        return e;
    default:
        return e;
    }
    m->count = e == 0 ? PAGE_SIZE : 0;
    return e;
}

static int64_t machine_enter(struct hw_call *call) {
    return hw_vdso_call(call, PTR(fake_vdso_enter));
}

static bool is_enclu(const struct ucontext *uc) {
    static const uint8_t enclu[ENCLU_SIZE] = {0x0f, 0x01, 0xd7};
    const uint8_t *insn = (const uint8_t *)(uintptr_t)uc->rip;

    if (insn == fake_vdso_enclu)
        return true;
    return emu_cpu.inside && (epcm_get(uc->rip) & (EPCM_VALID | EPCM_X)) == (EPCM_VALID | EPCM_X) &&
           uc->rip % PAGE_SIZE <= PAGE_SIZE - ENCLU_SIZE && mem_equal(insn, enclu, ENCLU_SIZE);
}

/* EACCEPT of a page that is not there faults, and the kernel augments it. EMODPE needs no kernel:
 * the mapping allows everything. */
static void enclu(struct ucontext *uc) {
    uint64_t leaf = uc->rax, page = uc->rcx;

    if (leaf == SGX_EACCEPT && epcm_get(page) == 0 &&
        emu_backend.commit(page & ~(PAGE_SIZE - 1), PAGE_SIZE) != 0)
        die(EXIT_CRASH, "the machine cannot augment 0x%llx", (unsigned long long)page);
    emu_enclu(uc);
    if (leaf == SGX_EMODPE)
        page_tables(page, epcm_get(page) & (EPCM_R | EPCM_W | EPCM_X));
}

/* What the kernel does with an exception that names the vDSO's ENCLU: #DB and #BP stay signals. */
static void on_signal(int signo, struct siginfo *info, struct ucontext *uc) {
    if ((signo == SIGILL || signo == SIGSEGV) && is_enclu(uc)) {
        enclu(uc);
        return;
    }
    if (!emu_cpu.inside)
        die(EXIT_CRASH, "the launcher itself stopped: signal %d at 0x%llx", signo,
            (unsigned long long)uc->rip);
    if (!emu_aex(uc, info))
        return;
    if (signo == SIGTRAP) {
        hw_on_signal(signo, info, uc);
        return;
    }
    uc->rip = PTR(fake_vdso_exception);
    uc->rdi = uc->trapno;
    uc->rsi = uc->err;
    uc->rdx = uc->cr2;
}

static void machine_catch(signal_handler handler) {
    context_catch(on_signal); /* handler is called from there */
}

static const struct sgx_device g_machine = {.open = machine_open,
                                            .ioctl = machine_ioctl,
                                            .mmap = machine_mmap,
                                            .enter = machine_enter,
                                            .catch_signals = machine_catch};

struct hw_cpu __wrap_hw_cpu_read(void) {
    return (struct hw_cpu){true, true, true, ELRANGE_BITS, SGX_XFRM_LEGACY | SGX_XFRM_AVX};
}

const struct sgx_device *__wrap_hw_linux(const uint64_t *auxv) {
    return &g_machine;
}
