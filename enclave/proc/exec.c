/* SPDX-License-Identifier: BSD-3-Clause
 *
 * open -> plan -> place -> for each segment: map, fill from the file, set permissions -> the same
 * for the interpreter, if the program names one -> brk window -> stack -> registers.
 */
#include "enclave/proc/exec.h"

#include "abi/image/layout.h"
#include "abi/linux/mman.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/mem.h"
#include "enclave/crypto/random.h"
#include "enclave/file/file.h"
#include "enclave/fs/vfs/open.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/elf/plan.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"

#define MOVABLE_BASE        (LAYOUT_U64(16) << 30) /* programs; a random number of pages is added */
#define INTERP_BASE         (LAYOUT_U64(32) << 30)
#define STACK_TOP           (USER_TOP - (LAYOUT_U64(1) << 30))
#define RANDOM_PAGES        0xfffffull /* 4 GiB of possible places */
#define STACK_STRINGS_SHARE 4          /* strings may take a quarter of the stack, as on Linux */
#define USER_RFLAGS         0x202ull
#define CLOCK_TICKS         100
#define MIN_SIGSTACK        2048

static uint64_t g_hwcap; /* written once, before the first program */

void exec_hwcap_set(uint64_t hwcap) {
    g_hwcap = hwcap;
}

struct program {
    struct file *file;
    struct elf_plan plan;
    char name[VMA_NAME_MAX];
};

static void program_free(struct program **p) {
    if (*p != NULL)
        file_put((*p)->file);
    heap_free(*p);
}

static err read_plan(struct process *proc, cspan path, struct program *out, const char **why) {
    struct file_attr attr;
    size_t n;

    TRY(vfs_open_exec(proc->fs, path, &out->file));
    TRY(file_stat(out->file, &attr));
    void *head OWNED(heap_free_p) = heap_alloc(ELF_HEAD_SIZE);
    if (head == NULL)
        return ERR(ENOMEM);
    TRY(file_pread_span(out->file, span_of(head, ELF_HEAD_SIZE), 0, &n));
    fmt_to(span_of(out->name, VMA_NAME_MAX - 1), "%.*s", (int)min_u64(path.n, VMA_NAME_MAX),
           (const char *)path.p);
    return elf_plan(cspan_of(head, n), attr.size, &out->plan, why);
}

static err random_base(uint64_t from, uint64_t align, uint64_t *base) {
    uint64_t r;

    TRY(random_fill(SPAN_OF(r)));
    *base = align_down(from + (r & RANDOM_PAGES) * PAGE_SIZE, max_u64(align, PAGE_SIZE));
    return OK;
}

static err load_segment(struct process *proc, struct program *p, const struct elf_segment *s) {
    struct mm_map_request req = {.addr = UADDR(s->map_start),
                                 .size = s->map_size,
                                 .prot = PROT_READ | PROT_WRITE,
                                 .noreplace = true};
    struct user_iovec slot;
    struct uio u;
    uaddr at;

    mem_copy(req.origin.name, p->name, VMA_NAME_MAX);
    req.origin.file_off = s->file_off - (s->file_size > 0 ? s->vaddr - s->map_start : 0);
    TRY(mm_map(proc->mm, &req, &at));
    for (uint64_t done = 0; done < s->file_size;) {
        size_t n;
        uio_user(&u, &slot, UADDR(s->vaddr + done), s->file_size - done);
        TRY(file_pread(p->file, &u, s->file_off + done, &n));
        if (n == 0)
            return ERR(EIO);
        done += n;
    }
    return mm_protect(proc->mm, UADDR(s->map_start), s->map_size, s->prot);
}

static err load_program(struct process *proc, struct program *p, uint64_t from) {
    uint64_t base;

    if (p->plan.kind == ELF_MOVABLE) {
        TRY(random_base(from, p->plan.align, &base));
        base += p->plan.low % p->plan.align; /* the distance moved is a multiple of align */
        TRY(elf_plan_place(&p->plan, base));
    }
    for (uint32_t i = 0; i < p->plan.segment_count; i++)
        TRY(load_segment(proc, p, &p->plan.segments[i]));
    return OK;
}

static err read_interp(struct process *proc, struct program *prog, struct program *out,
                       const char **why) {
    char *path OWNED(heap_free_p) = heap_alloc(prog->plan.interp.size);
    size_t n;

    if (path == NULL)
        return ERR(ENOMEM);
    TRY(file_pread_span(prog->file, span_of(path, prog->plan.interp.size), prog->plan.interp.off,
                        &n));
    cspan text = cspan_of(path, n);
    if (n == 0 || cspan_find(text, 0) != n - 1) {
        *why = "the interpreter's name does not end where it should";
        return ERR(ENOEXEC);
    }
    err e = read_plan(proc, cspan_of(path, n - 1), out, why);
    if (e.no == ENOENT)
        log_err("exec", "the program needs the interpreter %s, which is not in the image", path);
    return e;
}

static err map_stack(struct process *proc, uint64_t *top) {
    uint64_t r, size, start;
    uaddr at;

    TRY(random_fill(SPAN_OF(r)));
    *top = STACK_TOP - (r & RANDOM_PAGES) * PAGE_SIZE;
    if (!align_up_ok(&size, proc->stack_size, PAGE_SIZE) || !sub_ok(&start, *top, size))
        return ERR(ENOMEM);
    struct mm_map_request req = {.addr = UADDR(start),
                                 .size = size,
                                 .prot = PROT_READ | PROT_WRITE,
                                 .noreplace = true,
                                 .origin = {.name = "[stack]"}};
    return mm_map(proc->mm, &req, &at);
}

static err build_stack(struct process *proc, const struct program *prog, uint64_t interp_bias,
                       const struct stack_strings *strings, uaddr *sp) {
    const struct elf_plan *p = &prog->plan;
    const struct auxv_entry auxv[] = {{AT_HWCAP, g_hwcap},
                                      {AT_HWCAP2, 0}, /* no FSGSBASE: GS is the LibOS's */
                                      {AT_PAGESZ, PAGE_SIZE},
                                      {AT_CLKTCK, CLOCK_TICKS},
                                      {AT_PHDR, p->phdr},
                                      {AT_PHENT, p->phdr_size},
                                      {AT_PHNUM, p->phdr_count},
                                      {AT_BASE, interp_bias},
                                      {AT_FLAGS, 0},
                                      {AT_ENTRY, p->entry},
                                      {AT_UID, 0},
                                      {AT_EUID, 0},
                                      {AT_GID, 0},
                                      {AT_EGID, 0},
                                      {AT_SECURE, 0},
                                      {AT_MINSIGSTKSZ, MIN_SIGSTACK}};
    struct stack_input in = {.strings = *strings,
                             .exec_path = cspan_of(proc->exe_path, str_len(proc->exe_path, 4096)),
                             .auxv = auxv,
                             .auxv_count = COUNT_OF(auxv)};
    uint64_t top;
    span image;

    TRY(map_stack(proc, &top));
    TRY(random_fill(SPAN_OF(in.random)));
    TRY(stack_build(&in, top, proc->stack_size / STACK_STRINGS_SHARE, &image, sp));
    void *bytes OWNED(heap_free_p) = image.p;
    return user_write(*sp, cspan_of(bytes, image.n));
}

static err set_brk(struct process *proc, const struct elf_plan *p) {
    uint64_t start = p->high, r;

    TRY(random_fill(SPAN_OF(r)));
    if (p->kind == ELF_MOVABLE)
        start += (r & 0x1fff) * PAGE_SIZE;
    mm_brk_set(proc->mm, UADDR(start), proc->heap_limit);
    return OK;
}

/* The program's interpreter, loaded: where to start and its AT_BASE. */
static err load_interp(struct process *proc, struct program *prog, uint64_t *entry, uint64_t *bias,
                       const char **why) {
    struct program *interp OWNED(program_free) = NEW(struct program);

    if (interp == NULL)
        return ERR(ENOMEM);
    TRY(read_interp(proc, prog, interp, why));
    TRY(load_program(proc, interp, INTERP_BASE));
    *entry = interp->plan.entry;
    *bias = interp->plan.bias;
    return OK;
}

err exec_load(struct task *t, cspan path, const struct stack_strings *strings, const char **why) {
    struct program *prog OWNED(program_free) = NEW(struct program);
    struct process *proc = t->proc;
    uint64_t entry, bias = 0;
    uaddr sp;

    *why = NULL;
    if (prog == NULL)
        return ERR(ENOMEM);
    TRY(process_set_exe(proc, path));
    TRY(read_plan(proc, path, prog, why));
    TRY(load_program(proc, prog, MOVABLE_BASE));
    entry = prog->plan.entry;
    if (prog->plan.interp.present)
        TRY(load_interp(proc, prog, &entry, &bias, why));
    TRY(set_brk(proc, &prog->plan));
    TRY(build_stack(proc, prog, bias, strings, &sp));
    t->regs = (struct regs){.rip = entry, .rcx = entry, .rsp = sp.va, .rflags = USER_RFLAGS};
    return OK;
}
