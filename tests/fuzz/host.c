/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Target: everything the enclave makes of the host's answers. The input is both sides of a run: it
 * chooses what a program does with its standard files and with a small real image, and what the
 * host answers: the truth, another number, another errno, other bytes. The area changes behind
 * every read (fakearea). The oracle: an answer is within its contract, no word is read twice, image
 * bytes are right or EIO, the heap is as before.
 *
 * Link: -D_GNU_SOURCE -msse4.1 -msha -Ibuild/fuzz/abi build/fuzz/abi/host_gen.c
 * Link: tests/lib/fakearea.c enclave/host/frame.c enclave/fs/image/host.c enclave/time/clock.c
 * Link: cli/error.c cli/image/*.c base/sha256_ni.c tests/lib/baton.c -pthread -lcrypto
 */
#include "tests/fuzz/lib/harness.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/host/types.h"
#include "base/heap.h"
#include "base/log.h"
#include "cli/image/make.h"
#include "enclave/fs/image/rootfs.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/host/call.h"
#include "enclave/user/copy.h"
#include "host_num_gen.h"
#include "tests/lib/fakearea.h"

#define timespec guest_timespec /* libc has one, too */
#include "enclave/time/clock.h"

#define IMAGE_MAX (1u << 20)
#define FILES     3
#define OPS_MAX   48u
#define READ_SIZE 9000u

/* The input, eaten from the front; zeroes when it is empty. */
static struct {
    const uint8_t *p;
    size_t n;
} g_input;

static uint8_t g_image[IMAGE_MAX];
static size_t g_image_size;
static struct image_params g_params;
static const size_t g_file_sizes[FILES] = {100, 20000, 150000};
static uint64_t g_mono;

static uint64_t eat(size_t n) {
    uint64_t v = 0;

    for (size_t i = 0; i < n && g_input.n > 0; i++, g_input.n--)
        v = v << 8 | *g_input.p++;
    return v;
}

static uint8_t content(size_t file, size_t at) {
    return (uint8_t)(at * 31 + at / 4096 * 7 + file * 101);
}

/* ---- the host ---- */

static void answer_truth(struct host_area *a) {
    struct host_stat st = {.type = HOST_FILE_PIPE, .flags = O_RDWR};

    switch (a->number) {
    case HOST_CALL_image_read:
        a->result = (int64_t)a->args[2];
        if (a->args[0] > g_image_size || a->args[2] > g_image_size - a->args[0])
            a->result = 0;
        else
            memcpy(a->data, &g_image[a->args[0]], a->args[2]);
        return;
    case HOST_CALL_fstat:
        memcpy(a->data, &st, sizeof(st));
        a->result = 0;
        return;
    case HOST_CALL_read:
    case HOST_CALL_write:
        a->result = (int64_t)(a->args[2] / 2 + 1);
        return;
    case HOST_CALL_clock:
        a->result = 1000;
        return;
    case HOST_CALL_poll:
        a->result = (int64_t)a->args[1];
        return;
    default:
        a->result = 0;
    }
}

/* Bytes of the area that the host changes, anywhere the call may look. */
static void spoil(struct host_area *a, uint64_t many) {
    for (uint64_t i = 0; i < many; i++)
        a->data[eat(2) % (many > 4 ? 64 : 8192)] = (uint8_t)eat(1);
}

static void host(struct host_area *a) {
    uint8_t how = (uint8_t)eat(1);

    answer_truth(a);
    switch (how & 7) {
    case 1:
        a->result = -(int64_t)eat(1);
        return;
    case 2:
        a->result = (int64_t)eat(8);
        return;
    case 3:
        a->result += (int64_t)(eat(1) - 128);
        return;
    case 4:
        spoil(a, 1);
        return;
    case 5:
        spoil(a, 32);
        return;
    case 6:
        a->result = INT64_MIN >> (how >> 3);
        return;
    case 7:
        memset(a->data, how, sizeof(a->data));
        return;
    default:
        return; /* the truth, most of all when the input is eaten up */
    }
}

/* ---- what stands in for the rest of the enclave ---- */

err user_read(span dst, uaddr src) {
    memset(dst.p, 0x11, dst.n);
    return OK;
}

err user_write(uaddr dst, cspan src) {
    uint8_t sum = 0;

    for (size_t i = 0; i < src.n; i++)
        sum ^= src.p[i];
    return sum == 0x77 ? ERR(EFAULT) : OK;
}

err user_zero(uaddr dst, size_t n) {
    return OK;
}

static void log_to_host(enum log_level level, cspan line) {
    err ignored = host_log((uint32_t)level, line);

    (void)ignored.no;
}

/* ---- the program ---- */

static void use_stdio(struct file *f, uint8_t op) {
    static uint8_t bytes[70000];
    struct file_attr attr = {0};
    struct uio u;
    size_t n = eat(2), done = 0;
    uint32_t ready = 0;
    int64_t ret;
    err e;

    uio_kernel(&u, span_of(bytes, n));
    switch (op % 6) {
    case 0:
        e = file_read(f, &u, &done);
        FUZZ_CHECK(done <= n && (!failed(e) || done == 0));
        return;
    case 1:
        e = file_write(f, &u, &done);
        FUZZ_CHECK(done <= n && (failed(e) || done > 0 || n == 0));
        return;
    case 2:
        e = file_stat(f, &attr);
        FUZZ_CHECK(failed(e) || attr.size <= INT64_MAX);
        return;
    case 3:
        e = file_poll(f, POLLIN, &ready);
        FUZZ_CHECK((ready & ~(uint32_t)(POLLIN | POLLERR | POLLHUP)) == 0);
        return;
    case 4:
        f->flags ^= O_NONBLOCK;
        return;
    default:
        e = file_ioctl(f, 0x5401 + (n & 3), UADDR(0x10000), &ret);
        FUZZ_CHECK(e.no < 4096);
    }
}

static bool is_io_error(err e) {
    return e.no == EIO || e.no == ENOMEM;
}

static void use_file(struct rootfs *r, size_t file) {
    static uint8_t bytes[READ_SIZE];
    const char *const names[FILES] = {"a", "b", "c"};
    uint64_t nid = 0, off = eat(3) % (g_file_sizes[file] + 10);
    struct rootfs_stat st;
    size_t done = 0;
    err e = rootfs_lookup(r, rootfs_root(r), cspan_of(names[file], 1), &nid);

    FUZZ_CHECK(!failed(e) || is_io_error(e));
    if (failed(e))
        return;
    e = rootfs_stat(r, nid, &st);
    FUZZ_CHECK(is_io_error(e) || (!failed(e) && st.size == g_file_sizes[file]));
    e = rootfs_read(r, nid, off, SPAN_OF(bytes), &done);
    FUZZ_CHECK(!failed(e) || is_io_error(e));
    if (failed(e))
        return;
    uint64_t left = off < g_file_sizes[file] ? g_file_sizes[file] - off : 0;
    FUZZ_CHECK(done == (left < READ_SIZE ? left : READ_SIZE));
    for (size_t i = 0; i < done; i++)
        FUZZ_CHECK(bytes[i] == content(file, off + i));
}

static void use_clock(void) {
    uint64_t now = 0;
    err e = clock_read(CLOCK_MONOTONIC, &now);

    FUZZ_CHECK(e.no == 0 || e.no == EIO);
    FUZZ_CHECK(failed(e) || (now >= g_mono && now <= INT64_MAX));
    if (!failed(e))
        g_mono = now;
}

static void use_all(struct file *f, struct rootfs *r) {
    for (unsigned i = 0; i < OPS_MAX && g_input.n > 0; i++) {
        uint8_t op = (uint8_t)eat(1);

        if (op < 0x80 && f != NULL)
            use_stdio(f, op);
        else if (op < 0xf0 && r != NULL)
            use_file(r, op % FILES);
        else
            use_clock();
    }
}

/* ---- once ---- */

static void *pages_get_hosted(size_t count) {
    void *pages = NULL;

    if (posix_memalign(&pages, 4096, count * 4096) != 0)
        return NULL;
    memset(pages, 0, count * 4096);
    return pages;
}

static void pages_put_hosted(void *pages, size_t count) {
    free(pages);
}

static void write_file(const char *dir, size_t file) {
    char path[64];

    snprintf(path, sizeof(path), "%s/%c", dir, (char)('a' + (int)file));
    FILE *out = fopen(path, "w");
    FUZZ_CHECK(out != NULL);
    for (size_t i = 0; i < g_file_sizes[file]; i++)
        putc(content(file, i), out);
    fclose(out);
}

static void make_image(void) {
    char dir[] = "/tmp/fuzz-host-XXXXXX", path[64], command[96];
    struct cli_error error = {0};

    FUZZ_CHECK(mkdtemp(dir) != NULL);
    snprintf(path, sizeof(path), "%s/tree", dir);
    FUZZ_CHECK(mkdir(path, 0755) == 0);
    for (size_t i = 0; i < FILES; i++)
        write_file(path, i);
    char image[64];
    snprintf(image, sizeof(image), "%s/image", dir);
    if (!image_make(path, image, &g_params, NULL, &error)) {
        fprintf(stderr, "%s\n", error.text);
        abort();
    }
    FILE *in = fopen(image, "r");
    FUZZ_CHECK(in != NULL);
    g_image_size = fread(g_image, 1, sizeof(g_image), in);
    FUZZ_CHECK(g_image_size > 0 && g_image_size < sizeof(g_image));
    fclose(in);
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    FUZZ_CHECK(system(command) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct page_source pages = {.get = pages_get_hosted, .put = pages_put_hosted};
    struct rootfs_params params = {.cache_size = 16 * 4096};
    struct rootfs *r = NULL;
    struct file *f = NULL;

    if (g_image_size == 0) {
        heap_init(&pages);
        make_image();
        fakearea_reset(host);
        log_init(LOG_ERROR, log_to_host);
    }
    struct heap_count before = heap_count();
    params.data_blocks = g_params.data_blocks;
    params.tree_blocks = g_params.tree_blocks;
    memcpy(params.root_hash, g_params.root_hash, sizeof(params.root_hash));
    g_input.p = data;
    g_input.n = size;
    if (failed(stdio_open((uint32_t)eat(1) % 3, &f)))
        f = NULL;
    err e = rootfs_open(rootfs_host_source(), &params, &r);
    FUZZ_CHECK(!failed(e) || is_io_error(e));
    if (failed(e))
        r = NULL;
    use_all(f, r);
    if (r != NULL)
        rootfs_close(r);
    file_put(f);
    struct heap_count after = heap_count();
    FUZZ_CHECK(after.blocks == before.blocks && after.bytes == before.bytes);
    FUZZ_CHECK(fakearea.read_twice == 0);
    return 0;
}

FUZZ_MAIN(16384)
