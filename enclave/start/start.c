/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bring-up, in order, like a table of contents. It runs once, on the boot stack of vCPU 0, and ends
 * by running the first program. What fails here ends the run with one sentence and exit code 127
 * if it is about the program, 1 if it is about the enclave.
 */
#include "abi/host/area.h"
#include "abi/image/layout.h"
#include "arch/x86_64/exit.h"
#include "arch/x86_64/vcpu.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sha256.h"
#include "base/trap.h"
#include "enclave/crypto/random.h"
#include "enclave/fs/vfs/vfs.h"
#include "enclave/host/call.h"
#include "enclave/host/frame.h"
#include "enclave/mm/kpages.h"
#include "enclave/mm/mm.h"
#include "enclave/proc/exec.h"
#include "enclave/proc/process.h"
#include "enclave/sched/sched.h"
#include "enclave/start/args.h"
#include "enclave/start/config.h"
#include "enclave/sys/procinfo.h"
#include "enclave/time/clock.h"

#define EXIT_ENCLAVE 1
#define EXIT_PROGRAM 127

NORETURN void enclave_start(haddr block);

static struct process g_first; /* the first process; its task owns nothing else */

NORETURN static void give_up(int code) {
    enclave_exit(HOST_EXIT_DONE, (uint64_t)code);
    trap(TRAP_UNREACHABLE);
}

static void require(err e, const char *what) {
    if (!failed(e))
        return;
    log_err("start", "%s: %s", what, err_name(e.no));
    give_up(EXIT_ENCLAVE);
}

static void log_to_host(enum log_level level, cspan line) {
    err ignored = host_log((uint32_t)level, line); /* there is nobody left to tell */

    (void)ignored.no;
}

static enum log_level level_allowed(uint32_t asked, const struct config *c) {
    bool debuggable = (c->head.flags & CONFIG_FLAG_DEBUGGABLE) != 0;
    bool silent = (c->head.flags & CONFIG_FLAG_DISABLE_LOG) != 0;
    uint64_t cap = silent ? LOG_OFF : debuggable ? LOG_TRACE : LOG_ERROR;

    return (enum log_level)min_u64(asked, cap);
}

/* Everything that needs no heap: the stack canary, the host area, logging, the configuration. */
NO_STACK_PROTECTOR static struct start_block early(haddr block, struct config *config) {
    struct start_block head = {0};
    uint64_t canary = 0;
    err canary_made = random_fill(SPAN_OF(canary));
    err head_read = start_head_read(block, &head);
    cspan bytes = cspan_of((const void *)CONFIG_BASE, sizeof(struct config_header));

    vcpu_current()->canary = canary & ~0xffull; /* a NUL byte stops string overflows */
    if (failed(head_read) || failed(host_area_set(HADDR(head.call_area))))
        give_up(EXIT_ENCLAVE);
    log_init(LOG_ERROR, log_to_host);
    require(canary_made, "RDRAND gives no random numbers");
    struct config_header raw;
    if (cspan_read(SPAN_OF(raw), bytes, 0) && raw.total_size <= CONFIG_MAX_SIZE)
        bytes.n = raw.total_size;
    require(config_open(bytes, config), "the measured configuration is not of this version");
    log_init(level_allowed(head.log_level, config), log_to_host);
    sha256_use_ni((head.flags & START_CPU_SHA) != 0);
    return head;
}

static bool is_entry_point(const struct config *c, cspan path) {
    cspan prefix, head, rest;

    for (uint32_t i = 0; config_string(c, CONFIG_ENTRY_POINT, i, &prefix); i++) {
        while (prefix.n > 1 && prefix.p[prefix.n - 1] == '/')
            prefix.n--;
        if (!cspan_sub(&head, path, 0, prefix.n) || !cspan_equal(head, prefix) ||
            !cspan_from(&rest, path, prefix.n))
            continue;
        if (rest.n == 0 || prefix.n == 1 || rest.p[0] == '/')
            return true;
    }
    return false;
}

static bool has_parent_component(cspan path) {
    cspan rest = path, part;

    while (rest.n > 0) {
        size_t n = cspan_find(rest, '/');
        if (cspan_sub(&part, rest, 0, n) && cspan_equal(part, CSPAN_LIT("..")))
            return true;
        if (!cspan_from(&rest, rest, min_u64(n + 1, rest.n)))
            return false;
    }
    return false;
}

static void check_entry_point(const struct config *c, cspan path) {
    const char *why = NULL;

    if (path.n == 0 || path.p[0] != '/')
        why = "the program path must be absolute";
    else if (has_parent_component(path))
        why = "the program path cannot contain any parent component";
    else if (!is_entry_point(c, path))
        why = "the program path is NOT a valid entry point; Occlum.json lists them in entry_points";
    if (why == NULL)
        return;
    log_err("start", "%.*s: %s", (int)path.n, (const char *)path.p, why);
    give_up(EXIT_PROGRAM);
}

static void mount_root(struct process *p, const struct config *c) {
    struct vfs_setup setup = {.data_blocks = c->head.rootfs_data_blocks,
                              .tree_blocks = c->head.rootfs_tree_blocks,
                              .proc = &proc_info};

    mem_copy(setup.root_hash, c->head.rootfs_hash, sizeof(setup.root_hash));
    require(vfs_start(&setup, &p->fs, &p->files), "the root image cannot be mounted");
}

static struct task *first_task(const struct config *c) {
    struct process *p = &g_first;
    struct task *t;

    p->pid = p->last_tid = FIRST_PID;
    list_init(&p->tasks);
    p->ppid = 0;
    p->stack_size = c->head.default_stack_size;
    p->heap_limit = c->head.default_heap_size;
    require(mm_new(&p->mm), "no memory for the first process");
    require(task_new(p, p->pid, &t), "no memory for the first task");
    vcpu_current()->task = t;
    return t;
}

static void load_first(struct task *t, cspan path, const struct stack_strings *strings) {
    const char *why;
    err e = exec_load(t, path, strings, &why);

    if (!failed(e))
        return;
    log_err("start", "%.*s cannot be run: %s%s%s", (int)path.n, (const char *)path.p,
            err_name(e.no), why != NULL ? ", " : "", why != NULL ? why : "");
    give_up(EXIT_PROGRAM);
}

void enclave_start(haddr block) {
    struct stack_strings strings;
    struct start_args args;
    struct config config;
    cspan path = {0};

    early(block, &config);
    kpages_init(config.head.kernel_heap_size);
    heap_init(&kpages_source);
    mm_budget_set(config.head.user_space_size);
    require(clock_start(), "the host gives no time");
    require(start_args_read(block, &args), "the launcher's start block is broken");
    if (!start_path(&args, &path))
        require(ERR(EINVAL), "no program was named");
    check_entry_point(&config, path);
    exec_hwcap_set(args.head.hwcap);
    struct task *t = first_task(&config);
    mount_root(t->proc, &config);
    require(start_strings(&args, &config, &strings), "the arguments cannot be passed on");
    load_first(t, path, &strings);
    sched_start(t);
}
