/* SPDX-License-Identifier: BSD-3-Clause
 * The maker's image depends on the tree only, Linux's own tools accept it, and a failure leaves
 * nothing behind and names what is at fault.
 */
#include "tests/unit/image_fixture.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NOBODY 65534

static const char *g_tree;
static char g_image[PATH_SIZE];
static struct image_params g_params;

static void make_at(const char *tree, const char *path, struct image_params *params) {
    struct cli_error error;

    if (!image_make(tree, path, params, NULL, &error))
        fail_msg("%s", error.text);
}

static int make_tree(void **state) {
    g_tree = fixture_dir();
    fixture_tree(g_tree, true, false);
    (void)snprintf(g_image, sizeof(g_image), "%s/image", fixture_dir());
    make_at(g_tree, g_image, &g_params);
    return 0;
}

static void assert_same_file(const char *a, const char *b) {
    assert_int_equal(fixture_run("cmp %s %s", a, b), 0);
}

static void copies_of_a_tree_give_equal_images(void **state) {
    const char *other = fixture_dir();
    struct image_params params;
    char path[PATH_SIZE];

    fixture_tree(other, true, true);
    (void)snprintf(path, sizeof(path), "%s/size-1", other);
    (void)setxattr(path, "user.mark", "x", 1, 0);
    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    make_at(other, path, &params);
    assert_memory_equal(&params, &g_params, sizeof(params));
    assert_same_file(path, g_image);
}

static bool make_quietly(const char *tree, const char *path) {
    struct image_params params;
    struct cli_error error;

    return image_make(tree, path, &params, NULL, &error);
}

/* In a child, as an ordinary user: does image_make succeed? */
static bool made_as_nobody(const char *tree, const char *path) {
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(2);
        _exit(make_quietly(tree, path) ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0;
}

static void another_user_gives_an_equal_image(void **state) {
    const char *theirs = fixture_dir(), *out = fixture_dir();
    char path[PATH_SIZE];

    if (geteuid() != 0)
        skip();
    assert_int_equal(fixture_run("cp -a %s/. %s", g_tree, theirs), 0);
    assert_int_equal(fixture_run("chown -hR 65534:65534 %s", theirs), 0);
    assert_int_equal(fixture_run("touch -h -r %s %s", g_tree, theirs), 0);
    assert_int_equal(chmod(out, 0777), 0);
    (void)snprintf(path, sizeof(path), "%s/image", out);
    assert_int_equal(fixture_run("chmod 4755 %s/size-8191", theirs), 0);
    assert_int_equal(fixture_run("chmod 2755 %s/size-8192", theirs), 0);
    assert_true(made_as_nobody(theirs, path));
    assert_same_file(path, g_image);
}

static void any_change_of_the_tree_changes_the_root_hash(void **state) {
    static const char *const changes[] = {
        "touch -d @5 %s/size-1",          "touch -h -d @5 %s/link",   "touch -d @5 %s/dir/empty",
        "chmod 0640 %s/size-4095",        "mv %s/size-1 %s/size-one", "ln -sfn size-2 %s/link",
        "truncate -s 9999 %s/size-10000",
    };
    const char *tree = fixture_dir();
    struct image_params last = g_params, params;
    char path[PATH_SIZE];

    fixture_tree(tree, true, false);
    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
        assert_int_equal(fixture_run(changes[i], tree, tree), 0);
#pragma GCC diagnostic pop
        make_at(tree, path, &params);
        assert_memory_not_equal(params.root_hash, last.root_hash, sizeof(params.root_hash));
        last = params;
    }
}

static int verity(const char *path) {
    char root[2 * ROOTFS_HASH_SIZE + 1];

    for (size_t i = 0; i < ROOTFS_HASH_SIZE; i++)
        (void)snprintf(&root[2 * i], 3, "%02x", g_params.root_hash[i]);
    return fixture_run("veritysetup verify %s %s %s --no-superblock "
                       "--salt=- --data-blocks=%llu --hash-offset=%llu",
                       path, path, root, (unsigned long long)g_params.data_blocks,
                       (unsigned long long)g_params.data_blocks * ROOTFS_BLOCK_SIZE);
}

static void linux_tools_accept_the_image(void **state) {
    assert_true(g_params.data_blocks > 128); /* a tree of two levels */
    assert_int_equal(fixture_run("fsck.erofs --extract %s", g_image), 0);
    assert_int_equal(verity(g_image), 0);
}

static void veritysetup_rejects_a_flipped_byte(void **state) {
    uint64_t seed = 7;
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    for (int i = 0; i < 8; i++) {
        uint64_t pos = fixture_random(&seed) % (g_params.data_blocks * ROOTFS_BLOCK_SIZE);
        uint8_t byte;
        int fd;

        assert_int_equal(fixture_run("cp %s %s", g_image, path), 0);
        fd = open(path, O_RDWR);
        assert_int_equal(pread(fd, &byte, 1, (off_t)pos), 1);
        byte ^= 0x10;
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)pos), 1);
        (void)close(fd);
        assert_int_not_equal(verity(path), 0);
    }
}

static void trailer_says_what_the_parameters_say(void **state) {
    struct rootfs_trailer trailer;
    struct stat st;
    int fd = open(g_image, O_RDONLY);

    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_size,
                     (g_params.data_blocks + g_params.tree_blocks + 1) * ROOTFS_BLOCK_SIZE);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_int_equal(pread(fd, &trailer, sizeof(trailer), st.st_size - ROOTFS_BLOCK_SIZE),
                     sizeof(trailer));
    (void)close(fd);
    assert_true(trailer.magic == ROOTFS_MAGIC && trailer.version == ROOTFS_VERSION);
    assert_int_equal(trailer.data_blocks, g_params.data_blocks);
    assert_int_equal(trailer.tree_blocks, g_params.tree_blocks);
    assert_memory_equal(trailer.root_hash, g_params.root_hash, ROOTFS_HASH_SIZE);
}

static void empty_directory_makes_a_sound_image(void **state) {
    const char *tree = fixture_dir();
    struct memory_image image;
    struct rootfs *r = NULL;

    fixture_image(&image, tree);
    assert_int_equal(rootfs_open(&image.source, &image.params, &r).no, 0);
    fixture_compare(r, rootfs_root(r), tree);
    rootfs_close(r);
    fixture_image_free(&image);
}

struct watch {
    struct image_progress progress;
    uint64_t last, calls;
};

static void watch_report(struct image_progress *progress, uint64_t done, uint64_t total) {
    struct watch *watch = CONTAINER_OF(progress, struct watch, progress);

    watch->calls++;
    watch->last = total == 0 ? 0 : done * 100 / total;
}

static void progress_ends_at_all(void **state) {
    struct watch watch = {.progress.report = watch_report};
    struct image_params params;
    struct cli_error error;
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    assert_true(image_make(g_tree, path, &params, &watch.progress, &error));
    assert_true(watch.calls > 1);
    assert_int_equal(watch.last, 100);
}

static void expect_failure(const char *tree, const char *path, const char *named) {
    struct image_params params;
    struct cli_error error = {.text = ""};

    assert_false(image_make(tree, path, &params, NULL, &error));
    if (strstr(error.text, named) == NULL)
        fail_msg("\"%s\" does not name %s", error.text, named);
    assert_int_equal(access(path, F_OK), -1);
}

static void failures_name_the_file(void **state) {
    char path[PATH_SIZE], file[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    (void)snprintf(file, sizeof(file), "%s/size-1", g_tree);
    expect_failure("/no/such/tree", path, "/no/such/tree");
    expect_failure(file, path, "size-1");
    expect_failure(g_tree, "/no/such/dir/image", "/no/such/dir/image");
}

static void name_too_long_for_mkfs_is_named(void **state) {
    const char *tree = fixture_dir();
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    assert_int_equal(fixture_run("touch %s/%0254d", tree, 1), 0);
    assert_true(make_quietly(tree, path));
    assert_int_equal(fixture_run("touch %s/%0255d", tree, 1), 0);
    expect_failure(tree, path, "longer than");
}

static void unreadable_file_is_named(void **state) {
    const char *tree = fixture_dir(), *out = fixture_dir();
    char path[PATH_SIZE];
    int status = 0;
    pid_t pid;

    if (geteuid() != 0)
        skip();
    assert_int_equal(fixture_run("mkdir %s/d", tree), 0);
    assert_int_equal(fixture_run("install -m 0600 /proc/version %s/d/secret", tree), 0);
    assert_int_equal(chmod(out, 0777), 0);
    (void)snprintf(path, sizeof(path), "%s/image", out);
    pid = fork();
    if (pid == 0) {
        struct image_params params;
        struct cli_error error;

        if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(2);
        if (image_make(tree, path, &params, NULL, &error))
            _exit(3);
        _exit(strstr(error.text, "/d/secret: Permission denied") != NULL ? 0 : 4);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(access(path, F_OK), -1);
}

/* A limit on file sizes stands for a disk that fills up, at many points of the work. */
static void full_disk_leaves_nothing(void **state) {
    const uint64_t size = (g_params.data_blocks + g_params.tree_blocks + 1) * ROOTFS_BLOCK_SIZE;
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    for (uint64_t room = 0; room <= size; room += size / 8) {
        const struct rlimit limit = {room < size ? room : size - 1, RLIM_INFINITY};
        int status = 0;
        pid_t pid = fork();

        if (pid == 0) {
            (void)signal(SIGXFSZ, SIG_IGN);
            if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
                _exit(2);
            _exit(make_quietly(g_tree, path) ? 1 : 0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        assert_int_equal(access(path, F_OK), -1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_of_a_tree_give_equal_images),
        cmocka_unit_test(another_user_gives_an_equal_image),
        cmocka_unit_test(any_change_of_the_tree_changes_the_root_hash),
        cmocka_unit_test(linux_tools_accept_the_image),
        cmocka_unit_test(veritysetup_rejects_a_flipped_byte),
        cmocka_unit_test(trailer_says_what_the_parameters_say),
        cmocka_unit_test(empty_directory_makes_a_sound_image),
        cmocka_unit_test(progress_ends_at_all),
        cmocka_unit_test(failures_name_the_file),
        cmocka_unit_test(name_too_long_for_mkfs_is_named),
        cmocka_unit_test(unreadable_file_is_named),
        cmocka_unit_test(full_disk_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, make_tree, NULL);
}
