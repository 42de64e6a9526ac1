/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The order of taking down matters: descriptors hold files, files hold dentries, the tree comes
 * last.
 */
#include "tests/lib/unit.h"

#include "tests/lib/tree.h"

#include "enclave/fs/dev/dev.h"
#include "enclave/fs/proc/proc.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/fs/tmp/tmp.h"
#include "enclave/sys/dispatch.h"
#include "tests/lib/fakehost.h"
#include "tests/lib/fakeuser.h"
#include "tests/lib/pages.h"

struct tree tree;
static struct heap_count g_before;

static void view(struct proc_view *out) {
    *out = (struct proc_view){.pid = tree.proc.pid,
                              .comm = CSPAN_LIT("test"),
                              .exe = CSPAN_LIT("/bin/test"),
                              .files = tree.proc.files,
                              .fs = tree.proc.fs};
}

static void memory(uint64_t *total, uint64_t *left) {
    *total = 64 << 20;
    *left = 32 << 20;
}

static uint64_t uptime(void) {
    return 1230000000;
}

static const struct proc_source g_source = {.view = view, .memory = memory, .uptime = uptime};

static void must(err e) {
    assert_string_equal(failed(e) ? err_name(e.no) : "OK", "OK");
}

static void mount_read_only(void) {
    struct fs *fs;

    must(tmpfs_new(TMPFS_DEFAULT_SIZE, 0755, &fs));
    must(vfs_mount(tree.proc.fs, CSPAN_LIT("/ro"), fs));
    tree_file("/ro/f", "read-only");
    tree_dir("/ro/d");
    fs->read_only = true;
}

int tree_start(void **state) {
    struct fs *fs;

    test_heap_init();
    fakeuser_reset();
    fakehost_reset();
    g_before = heap_count();
    memset(&tree, 0, sizeof(tree));
    tree.task = (struct task){.proc = &tree.proc, .tid = 1};
    tree.proc.pid = 2;
    must(tmpfs_new(TMPFS_DEFAULT_SIZE, 0755, &fs));
    must(vfs_mount_root(fs, &tree.proc.fs));
    must(devfs_new(&fs));
    must(vfs_mount(tree.proc.fs, CSPAN_LIT("/dev"), fs));
    must(procfs_new(&g_source, &fs));
    must(vfs_mount(tree.proc.fs, CSPAN_LIT("/proc"), fs));
    mount_read_only();
    must(fdtable_new(&tree.proc.files));
    must(stdio_install(tree.proc.files));
    return 0;
}

int tree_stop(void **state) {
    fdtable_free(tree.proc.files);
    fs_context_free(tree.proc.fs);
    vfs_stop();
    assert_int_equal(heap_count().blocks, g_before.blocks);
    return 0;
}

struct path_at tree_path(const char *path) {
    return (struct path_at){.fs = tree.proc.fs, .path = cspan_of(path, strlen(path))};
}

void tree_file(const char *path, const char *bytes) {
    struct path_at at = tree_path(path);
    char copy[256];
    struct file *f;
    struct uio u;
    size_t done;

    must(vfs_open(&at, O_CREAT | O_WRONLY | O_TRUNC, 0644, &f));
    assert_true(strlen(bytes) < sizeof(copy));
    memcpy(copy, bytes, strlen(bytes));
    uio_kernel(&u, span_of(copy, strlen(bytes)));
    must(file_write(f, &u, &done));
    assert_int_equal(done, strlen(bytes));
    file_put(f);
}

void tree_dir(const char *path) {
    struct path_at at = tree_path(path);

    must(vfs_mkdir(&at, 0755));
}

void tree_link(const char *path, const char *target) {
    struct path_at at = tree_path(path);

    must(vfs_symlink(cspan_of(target, strlen(target)), &at));
}

int64_t tree_call(uint64_t nr, const uint64_t args[6]) {
    struct regs *r = &tree.task.regs;

    r->rax = nr;
    r->rdi = args[0];
    r->rsi = args[1];
    r->rdx = args[2];
    r->r10 = args[3];
    r->r8 = args[4];
    r->r9 = args[5];
    syscall_dispatch(&tree.task);
    return (int64_t)r->rax;
}
