/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Each ioctl checks as the driver does and then works page by page, so that it can be stopped
 * anywhere. EADD and EEXTEND go into a measurement of the machine's own.
 */
#include "tests/unit/hw_machine.h"

#include "tests/lib/unit.h"

#include "abi/image/layout.h"
#include "base/mem.h"
#include "host/run/say.h"
#include "host/run/sys.h"
#include "host/sgx/sigstruct.h"

#define FD          77
#define SECINFO_RWX (SGX_SECINFO_R | SGX_SECINFO_W | SGX_SECINFO_X)

struct machine machine;
struct backend_stats backend_stats;
int machine_code;
char machine_said[512];

static jmp_buf g_death;
static bool g_may_die;

void die(int code, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(machine_said, sizeof(machine_said), fmt, ap);
    va_end(ap);
    machine_code = code;
    if (!g_may_die) {
        fprintf(stderr, "unexpected death: %s\n", machine_said);
        abort();
    }
    longjmp(g_death, 1);
}

bool machine_dies(void (*body)(void)) {
    machine_said[0] = '\0';
    g_may_die = true;
    bool died = setjmp(g_death) != 0;
    if (!died)
        body();
    g_may_die = false;
    return died;
}

struct machine_page *machine_page(uint64_t offset) {
    for (uint32_t i = 0; i < machine.page_count; i++) {
        if (machine.pages[i].offset == offset)
            return &machine.pages[i];
    }
    return NULL;
}

int machine_prot(uint64_t addr) {
    for (uint32_t i = machine.map_count; i > 0; i--) {
        const struct machine_map *m = &machine.maps[i - 1];
        if (addr >= m->start && addr < m->end)
            return m->prot;
    }
    return -1;
}

static bool fails(uint32_t request) {
    return machine.fail_request == request && machine.fail_after-- == 0;
}

static int64_t machine_open(void) {
    assert_false(machine.open);
    if (fails(FAIL_OPEN))
        return -machine.fail_errno;
    machine.open = true;
    return FD;
}

/* TCS pages may be mapped readable and writable, others as their SECINFO says; pages that come
 * later, by EAUG, as one likes. */
static int max_prot(const struct machine_page *p) {
    if ((p->secinfo & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS)
        return PROT_READ | PROT_WRITE;
    return (int)(p->secinfo & SECINFO_RWX);
}

static int64_t machine_mmap(uint64_t addr, uint64_t size, int prot, int flags, int fd) {
    assert_true(machine.open);
    assert_int_equal(fd, FD);
    assert_int_equal(addr % PAGE_SIZE, 0);
    assert_int_equal(size % PAGE_SIZE, 0);
    assert_true(size > 0);
    if (machine.map_count == 0)
        assert_int_equal(flags, MAP_SHARED | MAP_FIXED_NOREPLACE);
    else
        assert_int_equal(flags, MAP_SHARED | MAP_FIXED);
    if (fails(FAIL_MMAP))
        return -machine.fail_errno;
    if (addr < 0x10000)
        return -EPERM;
    for (uint32_t i = 0; i < machine.page_count; i++) {
        const struct machine_page *p = &machine.pages[i];
        if (p->offset >= addr && p->offset < addr + size && (prot & ~max_prot(p)) != 0)
            return -EACCES;
    }
    assert_true(machine.map_count < MACHINE_MAPS);
    machine.maps[machine.map_count++] = (struct machine_map){addr, addr + size, prot};
    return (int64_t)addr;
}

static int64_t create(const struct hw_create *c) {
    if (machine.created)
        return -EINVAL;
    assert_int_equal(c->src % PAGE_SIZE, 0);
    mem_copy(&machine.secs, (const void *)(uintptr_t)c->src, sizeof(machine.secs));
    const struct sgx_secs *s = &machine.secs;
    assert_true(mem_is_zero(s->mrenclave, 32) && mem_is_zero(s->mrsigner, 32));
    if ((s->size & (s->size - 1)) != 0 || s->base % s->size != 0)
        return -EINVAL;
    if ((s->attributes.flags & SGX_ATTR_INIT) != 0)
        return -EIO;
    measure_begin(&machine.measure, s->size, s->ssa_frame_pages);
    machine.created = true;
    return 0;
}

static bool range_is_good(uint64_t offset, uint64_t length) {
    return offset % PAGE_SIZE == 0 && length % PAGE_SIZE == 0 && length > 0 &&
           offset < machine.secs.size && length <= machine.secs.size - offset;
}

/* Where the call must stop: behind all of it, or earlier because the test said so. */
static uint64_t stop_at(uint64_t length, bool interrupted) {
    uint64_t stop = interrupted ? length / 2 / PAGE_SIZE * PAGE_SIZE : length;

    if (machine.at_most != 0 && stop > machine.at_most * PAGE_SIZE)
        stop = machine.at_most * PAGE_SIZE;
    return stop;
}

static int64_t add(struct hw_add_pages *a, bool interrupted) {
    const struct sgx_secinfo *info = (const struct sgx_secinfo *)(uintptr_t)a->secinfo;
    uint64_t flags = info->flags;
    bool tcs = (flags & SGX_SECINFO_TYPE) == SGX_SECINFO_TCS;
    bool measure = a->flags == HW_ADD_MEASURE;

    if (!machine.created || machine.inited || a->src % PAGE_SIZE != 0 ||
        !range_is_good(a->offset, a->length) || (a->flags & ~(uint64_t)HW_ADD_MEASURE) != 0)
        return -EINVAL;
    if (!mem_is_zero(info->reserved, sizeof(info->reserved)) || (tcs && flags != SGX_SECINFO_TCS) ||
        (!tcs && (flags & ~SECINFO_RWX) != SGX_SECINFO_REG) ||
        (flags & (SGX_SECINFO_R | SGX_SECINFO_W)) == SGX_SECINFO_W)
        return -EINVAL;
    for (uint64_t stop = stop_at(a->length, interrupted); a->count < stop; a->count += PAGE_SIZE) {
        cspan page = {(const uint8_t *)(uintptr_t)(a->src + a->count), measure ? PAGE_SIZE : 0};
        if (machine_page(a->offset + a->count) != NULL)
            return -EBUSY;
        assert_true(machine.page_count < MACHINE_PAGES);
        machine.pages[machine.page_count++] = (struct machine_page){
            .offset = a->offset + a->count, .secinfo = flags, .measured = measure};
        measure_page(&machine.measure, a->offset + a->count, flags, page);
    }
    return 0;
}

static int64_t init(const struct hw_init *i) {
    if (!machine.created || machine.inited)
        return -EINVAL;
    mem_copy(&machine.sigstruct, (const void *)(uintptr_t)i->sigstruct, sizeof(machine.sigstruct));
    measure_end(&machine.measure, machine.mrenclave);
    mem_copy(machine.secs.mrenclave, machine.mrenclave, SHA256_SIZE);
    sigstruct_mrsigner(&machine.sigstruct, machine.secs.mrsigner);
    if (sigstruct_check(&machine.sigstruct) != SIGSTRUCT_OK ||
        sigstruct_match(&machine.sigstruct, &machine.secs) != SIGSTRUCT_OK)
        return -EPERM;
    machine.inited = true;
    return 0;
}

static int64_t restrict_page(struct machine_page *p, uint64_t permissions) {
    if ((p->secinfo & SGX_SECINFO_TYPE) != SGX_SECINFO_REG)
        return -EINVAL;
    if (p->pending || p->modified)
        return -EFAULT;
    p->secinfo &= permissions | SGX_SECINFO_TYPE;
    p->pr = true;
    return 0;
}

static int64_t trim_page(struct machine_page *p, uint64_t type) {
    if (type != HW_TYPE_TRIM)
        return -EINVAL;
    if (p->pending || p->modified)
        return -EFAULT;
    p->secinfo = SGX_SECINFO_TRIM;
    p->modified = true;
    p->pr = false;
    return 0;
}

static int64_t remove_page(struct machine_page *p, uint64_t what) {
    if (p->secinfo != SGX_SECINFO_TRIM || p->modified)
        return -EPERM;
    *p = machine.pages[--machine.page_count];
    return 0;
}

static int64_t each_page(uint64_t offset, uint64_t length, uint64_t *count, bool interrupted,
                         int64_t (*change)(struct machine_page *, uint64_t), uint64_t what) {
    if (!machine.inited || !range_is_good(offset, length))
        return -EINVAL;
    for (uint64_t stop = stop_at(length, interrupted); *count < stop; *count += PAGE_SIZE) {
        struct machine_page *p = machine_page(offset + *count);
        int64_t e = p != NULL ? change(p, what) : -EFAULT;
        if (e != 0)
            return e;
    }
    return 0;
}

static int64_t perform(uint32_t request, uint64_t arg, bool interrupted) {
    struct hw_add_pages *a = (struct hw_add_pages *)(uintptr_t)arg;
    struct hw_modify *m = (struct hw_modify *)(uintptr_t)arg;
    struct hw_remove *r = (struct hw_remove *)(uintptr_t)arg;

    switch (request) {
    case HW_IOC_CREATE:
        return interrupted ? 0 : create((const struct hw_create *)(uintptr_t)arg);
    case HW_IOC_INIT:
        return interrupted ? 0 : init((const struct hw_init *)(uintptr_t)arg);
    case HW_IOC_ADD_PAGES:
        assert_int_equal(a->count, 0);
        return add(a, interrupted);
    case HW_IOC_RESTRICT:
        if (m->result != 0 || m->count != 0 ||
            (m->page_type & (SGX_SECINFO_R | SGX_SECINFO_W)) == SGX_SECINFO_W)
            return -EINVAL;
        return each_page(m->offset, m->length, &m->count, interrupted, restrict_page, m->page_type);
    case HW_IOC_MODIFY:
        if (m->result != 0 || m->count != 0)
            return -EINVAL;
        return each_page(m->offset, m->length, &m->count, interrupted, trim_page, m->page_type);
    case HW_IOC_REMOVE:
        if (r->count != 0)
            return -EINVAL;
        return each_page(r->offset, r->length, &r->count, interrupted, remove_page, 0);
    default:
        return -ENOTTY;
    }
}

static int64_t machine_ioctl(int fd, uint32_t request, uint64_t arg) {
    machine.calls++;
    bool interrupted = machine.interrupt_every != 0 && machine.calls % machine.interrupt_every == 0;
    int64_t e;

    assert_true(machine.open);
    assert_int_equal(fd, FD);
    if (fails(request))
        return -machine.fail_errno;
    e = perform(request, arg, interrupted);
    return e == 0 && interrupted ? -machine.interrupt : e;
}

static int64_t machine_enter(struct hw_call *call) {
    const struct machine_turn *t = &machine.turns[machine.turn];

    assert_true(machine.turn < machine.turn_count);
    machine.entries[machine.turn++] =
        (struct machine_entry){call->function, call->run.tcs, call->rdi};
    assert_int_equal(call->run.handler, 0);
    assert_true(mem_is_zero(call->run.reserved, sizeof(call->run.reserved)));
    call->run.function = t->function;
    call->run.vector = t->vector;
    call->rdi = t->rdi;
    call->rsi = t->rsi;
    if (!t->not_entered)
        call->r8 = 0;
    return t->answer;
}

static void machine_catch(signal_handler handler) {
    machine.handler = handler;
}

const struct sgx_device machine_device = {.open = machine_open,
                                          .ioctl = machine_ioctl,
                                          .mmap = machine_mmap,
                                          .enter = machine_enter,
                                          .catch_signals = machine_catch};

int machine_start(void **state) {
    const struct hw_cpu cpu = {true, true, true, ELRANGE_BITS, ~0ull};

    machine = (struct machine){.fail_request = FAIL_NONE, .interrupt = EINTR};
    backend_stats = (struct backend_stats){0};
    hw_start(&machine_device, &cpu);
    return 0;
}

/* A page that is not there is augmented, where the device is mapped for it. */
static struct machine_page *touch(uint64_t offset) {
    struct machine_page *p = machine_page(offset);

    if (p != NULL || machine_prot(offset) < PROT_WRITE)
        return p;
    p = &machine.pages[machine.page_count++];
    *p = (struct machine_page){.offset = offset,
                               .secinfo = SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W,
                               .pending = true};
    return p;
}

bool machine_accept(uint64_t offset, uint64_t secinfo) {
    struct machine_page *p = touch(offset);

    if (p == NULL ||
        secinfo != (p->secinfo | (p->pending ? SGX_SECINFO_PENDING : 0) |
                    (p->modified ? SGX_SECINFO_MODIFIED : 0) | (p->pr ? SGX_SECINFO_PR : 0)))
        return false;
    p->pending = p->modified = p->pr = false;
    return true;
}
