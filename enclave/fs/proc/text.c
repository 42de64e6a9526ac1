/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The table of /proc, and the functions that write its texts. Rows of one directory stand
 * together; that is what a listing relies on.
 */
#include "base/fmt.h"
#include "base/trap.h"
#include "enclave/fs/proc/row.h"
#include "enclave/fs/vfs/mount.h"

#define NS_PER_S 1000000000u
#define STATUS   "State:\tR (running)\n"

void proc_print(struct proc_text *t, const char *fmt, ...) {
    span rest;
    va_list ap;

    CHECK(span_from(&rest, t->buf, t->n));
    va_start(ap, fmt);
    t->n += fmt_to_v(rest, fmt, ap);
    va_end(ap);
}

static void print_span(struct proc_text *t, cspan s) {
    proc_print(t, "%.*s", (int)s.n, (const char *)s.p);
}

static struct proc_view view_of(const struct proc_text *t) {
    struct proc_view v;

    t->source->view(&v);
    return v;
}

static void version(struct proc_text *t) {
    proc_print(t, "Linux version 6.1.0-occlum (occlum) #1 SMP Occlum\n");
}

static void uptime(struct proc_text *t) {
    uint64_t ns = t->source->uptime();

    proc_print(t, "%llu.%02llu 0.00\n", (unsigned long long)(ns / NS_PER_S),
               (unsigned long long)(ns % NS_PER_S / (NS_PER_S / 100)));
}

static void loadavg(struct proc_text *t) {
    proc_print(t, "0.00 0.00 0.00 1/1 %d\n", view_of(t).pid);
}

static void meminfo(struct proc_text *t) {
    uint64_t total;
    uint64_t left;

    t->source->memory(&total, &left);
    proc_print(t, "MemTotal:       %8llu kB\n", (unsigned long long)(total >> 10));
    proc_print(t, "MemFree:        %8llu kB\n", (unsigned long long)(left >> 10));
    proc_print(t, "MemAvailable:   %8llu kB\n", (unsigned long long)(left >> 10));
    proc_print(t, "Buffers:               0 kB\nCached:                0 kB\n");
    proc_print(t, "SwapTotal:             0 kB\nSwapFree:              0 kB\n");
}

/* One processor: the enclave runs on one vCPU. Features are the program's own cpuid's business. */
static void cpuinfo(struct proc_text *t) {
    proc_print(t, "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: SGX enclave\n\n");
}

static void filesystems(struct proc_text *t) {
    proc_print(t, "nodev\tproc\nnodev\tdevtmpfs\nnodev\ttmpfs\n\terofs\n");
}

static void print_mount(struct proc_text *t, const struct mount *m, struct dentry *root) {
    char path[256];
    bool reached;
    size_t n;

    if (failed(dentry_path(m->root, root, SPAN_OF(path), &n, &reached)) || !reached)
        return;
    proc_print(t, "%s %.*s %s %s 0 0\n", m->fs->type, (int)n, path, m->fs->type,
               m->fs->read_only ? "ro" : "rw");
}

static void mounts(struct proc_text *t) {
    struct dentry *root = view_of(t).fs->root;
    const struct mount *m;

    for (size_t i = 0; (m = mount_at(i)) != NULL; i++)
        print_mount(t, m, root);
}

static void hostname(struct proc_text *t) {
    proc_print(t, "occlum\n");
}

static void osrelease(struct proc_text *t) {
    proc_print(t, "6.1.0-occlum\n");
}

static void ostype(struct proc_text *t) {
    proc_print(t, "Linux\n");
}

static void pid_max(struct proc_text *t) {
    proc_print(t, "32768\n");
}

static void overcommit(struct proc_text *t) {
    proc_print(t, "0\n");
}

static void mounts_link(struct proc_text *t) {
    proc_print(t, "self/mounts");
}

static void self_link(struct proc_text *t) {
    proc_print(t, "%d", view_of(t).pid);
}

static void comm(struct proc_text *t) {
    print_span(t, view_of(t).comm);
    proc_print(t, "\n");
}

static void exe(struct proc_text *t) {
    print_span(t, view_of(t).exe);
}

static void print_dentry(struct proc_text *t, struct dentry *d, struct dentry *root) {
    span rest;
    bool reached;
    size_t n;

    CHECK(span_from(&rest, t->buf, t->n));
    if (!failed(dentry_path(d, root, rest, &n, &reached)))
        t->n += n;
}

static void cwd(struct proc_text *t) {
    struct proc_view v = view_of(t);

    print_dentry(t, v.fs->cwd, v.fs->root);
}

static void root(struct proc_text *t) {
    proc_print(t, "/");
}

static void stat(struct proc_text *t) {
    struct proc_view v = view_of(t);

    proc_print(t, "%d (", v.pid);
    print_span(t, v.comm);
    proc_print(t, ") R %d %d %d 0 -1 0", v.ppid, v.pid, v.pid);
    for (int i = 10; i <= 52; i++)
        proc_print(t, i == 20 ? " 1" : " 0"); /* field 20: threads */
    proc_print(t, "\n");
}

static void status(struct proc_text *t) {
    struct proc_view v = view_of(t);

    proc_print(t, "Name:\t");
    print_span(t, v.comm);
    proc_print(t, "\n" STATUS "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\n", v.pid, v.pid, v.ppid);
    proc_print(t, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nThreads:\t1\n");
}

static err jump_cwd(const struct proc_view *v, struct dentry **out) {
    *out = dentry_get(v->fs->cwd);
    return OK;
}

static err jump_root(const struct proc_view *v, struct dentry **out) {
    *out = dentry_get(v->fs->root);
    return OK;
}

const struct proc_row proc_rows[] = {
    {"cpuinfo", cpuinfo, false, NULL},
    {"filesystems", filesystems, false, NULL},
    {"loadavg", loadavg, false, NULL},
    {"meminfo", meminfo, false, NULL},
    {"mounts", mounts_link, true, NULL},
    {"self", self_link, true, NULL},
    {"sys/kernel/hostname", hostname, false, NULL},
    {"sys/kernel/osrelease", osrelease, false, NULL},
    {"sys/kernel/ostype", ostype, false, NULL},
    {"sys/kernel/pid_max", pid_max, false, NULL},
    {"sys/vm/overcommit_memory", overcommit, false, NULL},
    {"uptime", uptime, false, NULL},
    {"version", version, false, NULL},
    {"PID/comm", comm, false, NULL},
    {"PID/cwd", cwd, true, jump_cwd},
    {"PID/exe", exe, true, NULL},
    {"PID/fd", NULL, false, NULL}, /* a directory of its own kind: fd.c */
    {"PID/mounts", mounts, false, NULL},
    {"PID/root", root, true, jump_root},
    {"PID/stat", stat, false, NULL},
    {"PID/status", status, false, NULL},
};
const size_t proc_row_count = COUNT_OF(proc_rows);
