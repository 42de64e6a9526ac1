/* SPDX-License-Identifier: BSD-3-Clause
 * Paths lead where Linux leads them, and fail with Linux's errno: one table.
 */
#include "tests/lib/unit.h"

#include "tests/lib/tree.h"

#define FOLLOW WALK_FOLLOW
#define DIR    WALK_DIRECTORY

struct row {
    const char *path;
    uint32_t flags;
    int no;            /* expected errno */
    const char *where; /* expected path */
};

static const struct row g_rows[] = {
    {"/", FOLLOW, 0, "/"},
    {"//", FOLLOW, 0, "/"},
    {"/..", FOLLOW, 0, "/"},
    {"/../../a", FOLLOW, 0, "/a"},
    {"", FOLLOW, ENOENT, NULL},
    {"", WALK_EMPTY, 0, "/a/b"},
    {".", FOLLOW, 0, "/a/b"},
    {"..", FOLLOW, 0, "/a"},
    {"c", FOLLOW, 0, "/a/b/c"},
    {"./c", FOLLOW, 0, "/a/b/c"},
    {"c/", FOLLOW, ENOTDIR, NULL},
    {"c/.", FOLLOW, ENOTDIR, NULL},
    {"c/..", FOLLOW, ENOTDIR, NULL},
    {"c/x", FOLLOW, ENOTDIR, NULL},
    {"c", DIR, ENOTDIR, NULL},
    {"/a/", DIR, 0, "/a"},
    {"nothing", FOLLOW, ENOENT, NULL},
    {"nothing/", FOLLOW, ENOENT, NULL},
    {"nothing/x", FOLLOW, ENOENT, NULL},
    {"../b/../b/./c", FOLLOW, 0, "/a/b/c"},
    {"/a/b/c", 0, 0, "/a/b/c"},
    /* symlinks */
    {"/toc", FOLLOW, 0, "/a/b/c"},
    {"/toc", 0, 0, "/toc"},
    {"/toc/", 0, ENOTDIR, NULL},
    {"/todir", 0, 0, "/todir"},
    {"/todir/", 0, 0, "/a/b"},
    {"/todir/c", 0, 0, "/a/b/c"},
    {"/todir/..", FOLLOW, 0, "/a"},
    {"/toslash", FOLLOW, ENOTDIR, NULL},
    {"/dangling", FOLLOW, ENOENT, NULL},
    {"/dangling", 0, 0, "/dangling"},
    {"/dangling/", 0, ENOENT, NULL},
    {"/loop", FOLLOW, ELOOP, NULL},
    {"/loop/x", FOLLOW, ELOOP, NULL},
    {"/ping", FOLLOW, ELOOP, NULL},
    {"/s40", FOLLOW, 0, "/a"},
    {"/s41", FOLLOW, ELOOP, NULL},
    {"/rel", FOLLOW, 0, "/a/b/c"},
    {"/toroot", FOLLOW, 0, "/"},
    {"/toroot/a", FOLLOW, 0, "/a"},
    /* mounts */
    {"/dev", FOLLOW, 0, "/dev"},
    {"/dev/..", FOLLOW, 0, "/"},
    {"/dev/null", FOLLOW, 0, "/dev/null"},
    {"/dev/../dev/zero", FOLLOW, 0, "/dev/zero"},
    {"/dev/null/x", FOLLOW, ENOTDIR, NULL},
    {"/ro/d/../f", FOLLOW, 0, "/ro/f"},
    {"/proc/self", 0, 0, "/proc/self"},
    {"/proc/self", FOLLOW, 0, "/proc/2"},
    {"/proc/self/cwd", FOLLOW, 0, "/a/b"},
    {"/proc/self/cwd/c", FOLLOW, 0, "/a/b/c"},
    {"/proc/self/root/a", FOLLOW, 0, "/a"},
    {"/proc/3", FOLLOW, ENOENT, NULL},
    {"/proc/mounts", FOLLOW, 0, "/proc/2/mounts"},
    {"/proc/sys/kernel/ostype", FOLLOW, 0, "/proc/sys/kernel/ostype"},
};

static int start(void **state) {
    char name[16];
    char target[16];
    struct path_at b;
    struct dentry *d;

    tree_start(state);
    tree_dir("/a");
    tree_dir("/a/b");
    tree_file("/a/b/c", "c");
    tree_link("/toc", "/a/b/c");
    tree_link("/todir", "a//b");
    tree_link("/toslash", "/a/b/c/");
    tree_link("/dangling", "/nowhere");
    tree_link("/loop", "loop");
    tree_link("/ping", "/pong");
    tree_link("/pong", "/ping");
    tree_link("/rel", "a/../a/b/./c");
    tree_link("/toroot", "/");
    tree_link("/s1", "a");
    for (int i = 2; i <= 41; i++) {
        snprintf(name, sizeof(name), "/s%d", i);
        snprintf(target, sizeof(target), "s%d", i - 1);
        tree_link(name, target);
    }
    b = tree_path("/a/b");
    assert_false(failed(path_lookup(&b, 0, &d)));
    fs_context_chdir(tree.proc.fs, d);
    dentry_put(d);
    return 0;
}

static void paths_lead_where_linux_leads_them(void **state) {
    for (size_t i = 0; i < COUNT_OF(g_rows); i++) {
        const struct row *r = &g_rows[i];
        struct path_at at = tree_path(r->path);
        char text[256] = {0};
        struct dentry *d = NULL;
        size_t n;
        err e = path_lookup(&at, r->flags, &d);

        if (e.no != r->no)
            fail_msg("\"%s\": got %s, expected %s", r->path, failed(e) ? err_name(e.no) : "OK",
                     r->no != 0 ? err_name(r->no) : "OK");
        if (failed(e))
            continue;
        assert_false(failed(vfs_path(tree.proc.fs, d, span_of(text, sizeof(text) - 1), &n)));
        assert_string_equal(text, r->where);
        dentry_put(d);
    }
}

static void names_and_paths_have_a_longest_length(void **state) {
    static char path[PATH_MAX + 16];
    struct path_at at;
    struct dentry *d;

    memset(path, 'x', 256);
    path[255] = '\0';
    at = tree_path(path);
    assert_int_equal(path_lookup(&at, 0, &d).no, ENOENT);
    path[255] = 'x';
    path[256] = '\0';
    at = tree_path(path);
    assert_int_equal(path_lookup(&at, 0, &d).no, ENAMETOOLONG);
    memcpy(path, "c/", 2); /* ENOTDIR comes before the length of what follows */
    at = tree_path(path);
    assert_int_equal(path_lookup(&at, 0, &d).no, ENOTDIR);
    memset(path, '/', PATH_MAX);
    path[PATH_MAX - 1] = '\0';
    at = tree_path(path);
    assert_int_equal(path_lookup(&at, 0, &d).no, 0);
    dentry_put(d);
    path[PATH_MAX - 1] = '/';
    path[PATH_MAX] = '\0';
    at = tree_path(path);
    assert_int_equal(path_lookup(&at, 0, &d).no, ENAMETOOLONG);
}

static int resolve(const char *path, uint32_t resolve) {
    struct path_at at = tree_path(path);
    struct dentry *d;
    err e;

    at.resolve = resolve;
    e = path_lookup(&at, WALK_FOLLOW, &d);
    if (!failed(e))
        dentry_put(d);
    return e.no;
}

static void openat2_can_forbid_ways(void **state) {
    assert_int_equal(resolve("/toc", RESOLVE_NO_SYMLINKS), ELOOP);
    assert_int_equal(resolve("c", RESOLVE_NO_SYMLINKS), 0);
    assert_int_equal(resolve("/proc/self/cwd", RESOLVE_NO_MAGICLINKS), ELOOP);
    assert_int_equal(resolve("/proc/version", RESOLVE_NO_XDEV), EXDEV);
    assert_int_equal(resolve("../b/c", RESOLVE_BENEATH), EXDEV);
    assert_int_equal(resolve("/a", RESOLVE_BENEATH), EXDEV);
    assert_int_equal(resolve("c", RESOLVE_BENEATH), 0);
    assert_int_equal(resolve("/../../c", RESOLVE_IN_ROOT), 0);
}

static void a_working_directory_follows_a_rename(void **state) {
    struct path_at from = tree_path("/a");
    struct path_at to = tree_path("/z");
    char text[64] = {0};
    size_t n;

    assert_int_equal(vfs_rename(&from, &to, 0).no, 0);
    assert_int_equal(vfs_path(tree.proc.fs, tree.proc.fs->cwd, span_of(text, 63), &n).no, 0);
    assert_string_equal(text, "/z/b");
}

/* Each allocation of a lookup fails once: ENOMEM or success, and nothing leaks. */
static void missing_memory_is_an_error(void **state) {
    for (uint64_t n = 1; n < 20; n++) {
        struct path_at at = tree_path("/proc/self/cwd/../b/c");
        struct dentry *d;
        err e;

        dentry_shrink();
        heap_fail_at(n);
        e = path_lookup(&at, WALK_FOLLOW, &d);
        heap_fail_at(0);
        assert_true(e.no == ENOMEM || e.no == 0);
        if (!failed(e))
            dentry_put(d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_lead_where_linux_leads_them, start, tree_stop),
        cmocka_unit_test_setup_teardown(names_and_paths_have_a_longest_length, start, tree_stop),
        cmocka_unit_test_setup_teardown(openat2_can_forbid_ways, start, tree_stop),
        cmocka_unit_test_setup_teardown(a_working_directory_follows_a_rename, start, tree_stop),
        cmocka_unit_test_setup_teardown(missing_memory_is_an_error, start, tree_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
