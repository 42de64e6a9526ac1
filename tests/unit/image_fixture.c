/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The tree is a list of entries, so that it can be created in either order. Contents are random but
 * seeded by the name.
 */
#include "tests/unit/image_fixture.h"

#include <cpuid.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sha256.h"
#include "tests/lib/pages.h"

#define DIRS_MAX   32
#define MANY       5000
#define WALK_DEPTH 64
#define WORDS_MAX  24

static char g_dirs[DIRS_MAX][64];
static size_t g_dir_count;

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    return remove(path);
}

static void remove_dirs(void) {
    for (size_t i = 0; i < g_dir_count; i++)
        (void)nftw(g_dirs[i], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fixture_dir(void) {
    char *dir;

    assert_true(g_dir_count < DIRS_MAX);
    if (g_dir_count == 0)
        assert_int_equal(atexit(remove_dirs), 0);
    dir = g_dirs[g_dir_count];
    (void)snprintf(dir, sizeof(g_dirs[0]), "/tmp/image-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chmod(dir, 0755), 0);
    g_dir_count++;
    return dir;
}

uint64_t fixture_random(uint64_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static uint64_t seed_of(const char *name) {
    uint64_t seed = 0x9e3779b97f4a7c15ull;

    for (; *name != 0; name++)
        seed = (seed ^ (uint8_t)*name) * 0x100000001b3ull;
    return seed | 1;
}

static void set_time(const char *path, const char *name) {
    uint64_t seed = seed_of(name);
    struct timespec times[2];

    times[0].tv_sec = (time_t)(1000000000 + fixture_random(&seed) % 700000000);
    times[0].tv_nsec = (long)(fixture_random(&seed) % 1000000000);
    times[1] = times[0];
    assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static void make_file(const char *path, const char *name, size_t size, mode_t mode) {
    uint64_t seed = seed_of(name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    for (size_t i = 0; i < size; i++)
        (void)fputc((int)(fixture_random(&seed) & 0xff), f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

enum kind { DIRECTORY, REGULAR, SYMLINK, HARDLINK, FIFO };

struct entry {
    enum kind kind;
    const char *name;
    size_t size;
    mode_t mode;
    const char *target;
};

/* 254 bytes: one more is too long for mkfs.erofs 1.5. */
#define LONG_NAME                                                                                  \
    "long-01234567890123456789012345678901234567890123456789012345678901234567890123456789"        \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234"        \
    "567890123456789012345678901234567890123456789012345678901234567890123456789012345678"

static const struct entry g_entries[] = {
    {DIRECTORY, "dir", 0, 0755, NULL},
    {DIRECTORY, "dir/empty", 0, 0711, NULL},
    {DIRECTORY, "dir/a", 0, 0755, NULL},
    {DIRECTORY, "dir/a/b", 0, 0755, NULL},
    {DIRECTORY, "dir/a/b/c", 0, 0755, NULL},
    {DIRECTORY, "dir/a/b/c/d", 0, 0755, NULL},
    {DIRECTORY, "dir/a/b/c/d/e", 0, 01777, NULL},
    {REGULAR, "dir/a/b/c/d/e/deep", 17, 0644, NULL},
    {REGULAR, "size-0", 0, 0644, NULL},
    {REGULAR, "size-1", 1, 0600, NULL},
    {REGULAR, "size-2000", 2000, 0644, NULL},
    {REGULAR, "size-4000", 4000, 0644, NULL},
    {REGULAR, "size-4095", 4095, 0644, NULL},
    {REGULAR, "size-4096", 4096, 0644, NULL},
    {REGULAR, "size-4097", 4097, 0755, NULL},
    {REGULAR, "size-8191", 8191, 04755, NULL},
    {REGULAR, "size-8192", 8192, 02755, NULL},
    {REGULAR, "size-10000", 10000, 0644, NULL},
    {REGULAR, "size-500000", 500000, 0644, NULL},
    {SYMLINK, "link", 0, 0777, "size-1"},
    {SYMLINK, "dir/dangling", 0, 0777, "/no/such/file"},
    {SYMLINK, "link-long", 0, 0777, LONG_NAME "/" LONG_NAME},
    {HARDLINK, "twin", 0, 0644, "size-4097"},
    {FIFO, "fifo", 0, 0622, NULL},
    {REGULAR, " ", 3, 0644, NULL},
    {REGULAR, "!", 4, 0644, NULL},
    {REGULAR, "-rf", 5, 0644, NULL},
    {REGULAR, "...", 6, 0644, NULL},
    {REGULAR, "new\nline", 7, 0644, NULL},
    {REGULAR, "\xc3\xa4\xe2\x82\xac", 8, 0644, NULL},
    {REGULAR, "\xff\x01\x7f", 9, 0644, NULL},
    {REGULAR, LONG_NAME, 10, 0644, NULL},
};

static void make_entry(const char *dir, const struct entry *e) {
    char path[PATH_SIZE], target[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/%s", dir, e->name);
    switch (e->kind) {
    case DIRECTORY:
        assert_int_equal(mkdir(path, 0755), 0);
        assert_int_equal(chmod(path, e->mode), 0);
        return;
    case REGULAR:
        make_file(path, e->name, e->size, e->mode);
        return;
    case SYMLINK:
        assert_int_equal(symlink(e->target, path), 0);
        return;
    case HARDLINK:
        (void)snprintf(target, sizeof(target), "%s/%s", dir, e->target);
        assert_int_equal(link(target, path), 0);
        return;
    case FIFO:
        assert_int_equal(mkfifo(path, e->mode), 0);
        assert_int_equal(chmod(path, e->mode), 0);
    }
}

static void make_entries(const char *dir, bool backwards, bool directories) {
    for (size_t i = 0; i < COUNT_OF(g_entries); i++) {
        size_t at = backwards && !directories ? COUNT_OF(g_entries) - 1 - i : i;

        if ((g_entries[at].kind == DIRECTORY) == directories && g_entries[at].kind != HARDLINK)
            make_entry(dir, &g_entries[at]);
    }
    for (size_t i = 0; i < COUNT_OF(g_entries); i++) {
        if (g_entries[i].kind == HARDLINK && !directories)
            make_entry(dir, &g_entries[i]);
    }
}

static void make_many(const char *dir, bool backwards, size_t count) {
    char path[PATH_SIZE], name[64];

    (void)snprintf(path, sizeof(path), "%s/many", dir);
    assert_int_equal(mkdir(path, 0755), 0);
    for (size_t i = 0; i < count; i++) {
        size_t at = backwards ? count - 1 - i : i;

        (void)snprintf(name, sizeof(name), "many/entry-%zu", at * 7919 % 100003);
        (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
        make_file(path, name, at % 50, 0644);
        set_time(path, name);
    }
    (void)snprintf(path, sizeof(path), "%s/many", dir);
    set_time(path, "many");
}

void fixture_tree(const char *dir, bool small, bool backwards) {
    char path[PATH_SIZE];

    make_entries(dir, backwards, true);
    make_entries(dir, backwards, false);
    make_many(dir, backwards, small ? 10 : MANY);
    if (!small) {
        (void)snprintf(path, sizeof(path), "%s/size-3M", dir);
        make_file(path, "size-3M", (3u << 20) + 123, 0644);
        set_time(path, "size-3M");
    }
    for (size_t i = COUNT_OF(g_entries); i-- > 0;) { /* a directory after what is in it */
        (void)snprintf(path, sizeof(path), "%s/%s", dir, g_entries[i].name);
        set_time(path, g_entries[i].kind == HARDLINK ? g_entries[i].target : g_entries[i].name);
    }
    set_time(dir, "");
}

/* Splits at blanks, in place. */
static void words_of(char *text, char *words[WORDS_MAX]) {
    size_t n = 0;

    while (text != NULL) {
        assert_true(n < WORDS_MAX - 1);
        words[n] = strsep(&text, " ");
        n += *words[n] != 0 ? 1 : 0; /* two blanks in a row */
    }
    words[n] = NULL;
}

int fixture_run(const char *fmt, ...) {
    char command[2 * PATH_SIZE], *words[WORDS_MAX];
    int status = 0, nowhere;
    va_list ap;
    pid_t pid;

    va_start(ap, fmt);
    (void)vsnprintf(command, sizeof(command), fmt, ap);
    va_end(ap);
    words_of(command, words);
    pid = fork();
    if (pid == 0) {
        nowhere = open("/dev/null", O_RDWR);
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
        (void)setenv("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", 1);
        (void)execvp(words[0], words);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static err memory_read(struct block_source *source, uint64_t offset, span dst) {
    struct memory_image *image = CONTAINER_OF(source, struct memory_image, source);

    if (!cspan_read(dst, cspan_of(image->bytes, image->size), offset))
        return ERR(EIO);
    return OK;
}

static bool cpu_has_sha(void) {
    unsigned a, b, c, d;

    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

static void image_load(struct memory_image *image, const char *path) {
    static const struct block_source_ops ops = {.read = memory_read};
    struct stat st;
    FILE *f = fopen(path, "r");

    test_heap_init();
    sha256_use_ni(cpu_has_sha());
    assert_non_null(f);
    assert_int_equal(fstat(fileno(f), &st), 0);
    image->source = (struct block_source){.ops = &ops};
    image->size = (size_t)st.st_size;
    image->bytes = malloc(image->size);
    assert_non_null(image->bytes);
    assert_int_equal(fread(image->bytes, 1, image->size, f), image->size);
    (void)fclose(f);
}

void fixture_image(struct memory_image *image, const char *dir) {
    struct image_params made;
    struct cli_error error;
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/image", fixture_dir());
    if (!image_make(dir, path, &made, NULL, &error))
        fail_msg("%s", error.text);
    image_load(image, path);
    image->params =
        (struct rootfs_params){.data_blocks = made.data_blocks, .tree_blocks = made.tree_blocks};
    memcpy(image->params.root_hash, made.root_hash, sizeof(made.root_hash));
}

void fixture_volume(struct memory_image *image, const char *dir, const char *arguments) {
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof(path), "%s/volume", fixture_dir());
    assert_int_equal(fixture_run("mkfs.erofs --all-root -x-1 %s %s %s", arguments, path, dir), 0);
    image_load(image, path);
    image->params = (struct rootfs_params){.data_blocks = image->size / ROOTFS_BLOCK_SIZE};
    image->source.trusted = true;
}

void fixture_image_free(struct memory_image *image) {
    free(image->bytes);
    image->bytes = NULL;
}

static void compare_stat(const struct rootfs_stat *got, const struct stat *want) {
    assert_int_equal(got->mode, want->st_mode);
    assert_int_equal(got->uid, 0);
    assert_int_equal(got->gid, 0);
    assert_int_equal(got->mtime_sec, want->st_mtim.tv_sec);
    assert_int_equal(got->mtime_nsec, want->st_mtim.tv_nsec);
    if (!S_ISDIR(want->st_mode)) {
        assert_int_equal(got->size, want->st_size);
        assert_int_equal(got->nlink, want->st_nlink);
    }
}

/* In pieces of odd sizes at odd offsets, and page by page. */
static void compare_file(struct rootfs *r, uint64_t nid, const char *path, size_t size) {
    uint8_t *want = malloc(size + 1), *got = malloc(size + 1);
    FILE *f = fopen(path, "r");
    size_t done = 99;
    cspan page;

    assert_non_null(f);
    assert_int_equal(fread(want, 1, size + 1, f), size);
    (void)fclose(f);
    for (size_t off = 0, step = 1; off < size; off += done, step = step * 3 + 1) {
        assert_int_equal(
            rootfs_read(r, nid, off,
                        span_of(&got[off], step < size + 1 - off ? step : size + 1 - off), &done)
                .no,
            0);
        assert_true(done > 0);
    }
    assert_memory_equal(got, want, size);
    assert_int_equal(rootfs_read(r, nid, size, span_of(got, 1), &done).no, 0);
    assert_int_equal(done, 0);
    assert_int_equal(rootfs_read(r, nid, UINT64_MAX, span_of(got, 1), &done).no, 0);
    assert_int_equal(done, 0);
    for (size_t off = 0; off < size; off += page.n) {
        assert_int_equal(rootfs_page(r, nid, off / 4096, &page).no, 0);
        assert_true(page.n == 4096 || off + page.n == size);
        assert_memory_equal(page.p, &want[off], page.n);
    }
    assert_int_equal(rootfs_page(r, nid, size / 4096 + 1, &page).no, 0);
    assert_int_equal(page.n, 0);
    free(want);
    free(got);
}

static void compare_link(struct rootfs *r, uint64_t nid, const char *path) {
    char want[PATH_SIZE], got[PATH_SIZE];
    ssize_t n = readlink(path, want, sizeof(want));
    size_t done;

    assert_int_equal(rootfs_readlink(r, nid, span_of(got, sizeof(got)), &done).no, 0);
    assert_int_equal(done, n);
    assert_memory_equal(got, want, done);
    assert_int_equal(rootfs_readlink(r, nid, span_of(got, 3), &done).no, 0);
    assert_int_equal(done, 3);
}

static uint32_t dt_of(mode_t mode) {
    return (mode & S_IFMT) >> 12;
}

static size_t host_entries(const char *path) {
    DIR *dir = opendir(path);
    size_t n = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n++;
    (void)closedir(dir);
    return n;
}

static void compare_entry(struct rootfs *r, uint64_t dir, const char *path,
                          const struct rootfs_dirent *entry) {
    const char *name = (const char *)entry->name;
    char child[2 * PATH_SIZE];
    struct stat st;
    uint64_t nid;

    (void)snprintf(child, sizeof(child), "%s/%s", path, name);
    assert_int_equal(lstat(child, &st), 0);
    assert_int_equal(entry->type, dt_of(st.st_mode));
    assert_int_equal(rootfs_lookup(r, dir, cspan_of(name, entry->name_size), &nid).no, 0);
    assert_int_equal(nid, entry->nid);
    if (strcmp(name, ".") == 0)
        assert_int_equal(nid, dir);
    else if (strcmp(name, "..") != 0)
        fixture_compare(r, nid, child);
}

static void compare_directory(struct rootfs *r, uint64_t nid, const char *path) {
    struct rootfs_dirent entry;
    uint64_t pos = 0;
    size_t count = 0;

    for (;;) {
        assert_int_equal(rootfs_readdir(r, nid, pos, &entry).no, 0);
        if (entry.name_size == 0)
            break;
        assert_int_equal(strlen((const char *)entry.name), entry.name_size);
        assert_true(entry.next > pos);
        pos = entry.next;
        count++;
        compare_entry(r, nid, path, &entry);
    }
    assert_int_equal(count, host_entries(path));
}

void fixture_compare(struct rootfs *r, uint64_t nid, const char *path) {
    struct rootfs_stat got;
    struct stat want;

    assert_int_equal(lstat(path, &want), 0);
    assert_int_equal(rootfs_stat(r, nid, &got).no, 0);
    compare_stat(&got, &want);
    if (S_ISREG(want.st_mode))
        compare_file(r, nid, path, (size_t)want.st_size);
    else if (S_ISLNK(want.st_mode))
        compare_link(r, nid, path);
    else if (S_ISDIR(want.st_mode))
        compare_directory(r, nid, path);
}

static bool walked(struct walk *walk, err e, cspan answer) {
    walk->calls++;
    if (failed(e)) {
        walk->failures++;
        walk->last = e;
        return false;
    }
    for (size_t i = 0; i < answer.n; i++)
        walk->digest = (walk->digest ^ answer.p[i]) * 0x100000001b3ull;
    return true;
}

static void walk_file(struct rootfs *r, const struct rootfs_stat *st, struct walk *walk) {
    uint8_t bytes[9000];
    size_t done = 0;

    for (uint64_t off = 0; off < st->size; off += sizeof(bytes)) {
        err e = rootfs_read(r, st->nid, off, SPAN_OF(bytes), &done);

        (void)walked(walk, e, cspan_of(bytes, failed(e) ? 0 : done));
    }
}

static void walk_node(struct rootfs *r, uint64_t nid, unsigned depth, struct walk *walk);

static void walk_directory(struct rootfs *r, uint64_t nid, unsigned depth, struct walk *walk) {
    struct rootfs_dirent entry;

    for (uint64_t pos = 0;; pos = entry.next) {
        uint64_t found;
        cspan name;

        memset(&entry, 0, sizeof(entry));
        if (!walked(walk, rootfs_readdir(r, nid, pos, &entry), CSPAN_OF(entry)) ||
            entry.name_size == 0)
            return;
        name = cspan_of(entry.name, entry.name_size);
        if (walked(walk, rootfs_lookup(r, nid, name, &found), name) && entry.name[0] != '.')
            walk_node(r, found, depth + 1, walk);
    }
}

static void walk_node(struct rootfs *r, uint64_t nid, unsigned depth, struct walk *walk) {
    struct rootfs_stat st;
    char target[PATH_SIZE];
    size_t done = 0;
    err e;

    memset(&st, 0, sizeof(st));
    if (depth > WALK_DEPTH || !walked(walk, rootfs_stat(r, nid, &st), CSPAN_OF(st)))
        return;
    if (S_ISDIR(st.mode)) {
        walk_directory(r, nid, depth, walk);
    } else if (S_ISREG(st.mode)) {
        walk_file(r, &st, walk);
    } else if (S_ISLNK(st.mode)) {
        e = rootfs_readlink(r, nid, SPAN_OF(target), &done);
        (void)walked(walk, e, cspan_of(target, failed(e) ? 0 : done));
    }
}

void fixture_walk(struct rootfs *r, struct walk *walk) {
    *walk = (struct walk){.digest = 0xcbf29ce484222325ull};
    walk_node(r, rootfs_root(r), 0, walk);
}
