/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One function a host call, in the order of host.def. Each does exactly one thing with the host
 * kernel and passes its answer on; nothing here is trusted, so nothing here needs to be clever. The
 * dispatch is generated from host.def, and so are the prototypes: a call that is missing does not
 * link, one with other arguments does not compile.
 */
#include "host/run/serve.h"

#include "abi/host/types.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "host/run/sys.h"
#include "host_num_gen.h"
#include "host_serve_gen.h"

#define SYS_ppoll    271
#define TCGETS       0x5401
#define TCSETS       0x5402
#define TIOCGWINSZ   0x5413
#define F_GETFL      3
#define STDIO_MAX    2
#define TTY_WHEN_MAX 2

struct kernel_timespec {
    int64_t sec, nsec;
};

struct kernel_itimer {
    struct {
        int64_t sec, usec;
    } interval, value;
};

struct kernel_pollfd {
    int32_t fd;
    int16_t events, revents;
};

static struct serve_files g_files;
static const struct backend *g_backend;

void serve_init(const struct serve_files *files, const struct backend *backend) {
    g_files = *files;
    g_backend = backend;
}

void serve(struct host_area *area) {
    backend_stats.calls++;
    area->result = host_serve(area);
}

static int64_t serve_read(uint32_t fd, void *dst, uint64_t dst_size) {
    return fd > STDIO_MAX ? -EBADF : sys_call3(SYS_read, fd, PTR(dst), dst_size);
}

static int64_t serve_write(uint32_t fd, const void *src, uint64_t src_size) {
    return fd > STDIO_MAX ? -EBADF : sys_call3(SYS_write, fd, PTR(src), src_size);
}

static uint32_t file_type(uint32_t fd, const struct kernel_stat *st) {
    struct host_termios t;

    switch (st->mode & S_IFMT) {
    case S_IFREG:
        return HOST_FILE_REGULAR;
    case S_IFIFO:
        return HOST_FILE_PIPE;
    case S_IFCHR:
        return sys_call3(SYS_ioctl, fd, TCGETS, PTR(&t)) == 0 ? HOST_FILE_TTY : HOST_FILE_OTHER;
    default:
        return HOST_FILE_OTHER;
    }
}

static int64_t serve_fstat(uint32_t fd, struct host_stat *out) {
    struct kernel_stat st;
    int64_t flags = sys_call3(SYS_fcntl, fd, F_GETFL, 0);

    if (fd > STDIO_MAX || flags < 0 || sys_call3(SYS_fstat, fd, PTR(&st), 0) != 0) {
        *out = (struct host_stat){.type = HOST_FILE_CLOSED};
        return 0;
    }
    out->type = file_type(fd, &st);
    out->flags = (uint32_t)flags & 3;
    out->size = out->type == HOST_FILE_REGULAR ? (uint64_t)st.size : 0;
    return 0;
}

static int64_t serve_tty_get(uint32_t fd, struct host_termios *t) {
    return fd > STDIO_MAX ? -EBADF : sys_call3(SYS_ioctl, fd, TCGETS, PTR(t));
}

static int64_t serve_tty_set(uint32_t fd, uint32_t when, const struct host_termios *t) {
    if (fd > STDIO_MAX || when > TTY_WHEN_MAX)
        return -EBADF;
    return sys_call3(SYS_ioctl, fd, TCSETS + when, PTR(t));
}

static int64_t serve_tty_size(uint32_t fd, struct host_winsize *w) {
    return fd > STDIO_MAX ? -EBADF : sys_call3(SYS_ioctl, fd, TIOCGWINSZ, PTR(w));
}

static struct kernel_timespec timespec_of(uint64_t ns) {
    return (struct kernel_timespec){(int64_t)(ns / 1000000000), (int64_t)(ns % 1000000000)};
}

/* The kernel leaves what is left of the time in t, so an interrupted call goes on. */
static int64_t serve_poll(uint32_t fd, uint32_t events, uint64_t timeout_ns) {
    struct kernel_pollfd p = {.fd = (int32_t)fd, .events = (int16_t)events};
    struct kernel_timespec t = timespec_of(timeout_ns);
    int64_t n;

    do
        n = sys_call6(SYS_ppoll, PTR(&p), 1, timeout_ns == UINT64_MAX ? 0 : PTR(&t), 0, 8, 0);
    while (n == -EINTR);
    return n < 0 ? n : (uint16_t)p.revents;
}

static int64_t serve_image_read(uint64_t offset, void *dst, uint64_t dst_size) {
    return sys_call6(SYS_pread64, (uint64_t)g_files.image, PTR(dst), dst_size, offset, 0, 0);
}

static int64_t serve_mem_commit(uint64_t addr, uint64_t size) {
    return g_backend->commit(addr, size);
}

static int64_t serve_mem_protect(uint64_t addr, uint64_t size, uint32_t prot) {
    return g_backend->protect(addr, size, prot);
}

static int64_t serve_mem_trim(uint64_t addr, uint64_t size) {
    return g_backend->trim(addr, size);
}

static int64_t serve_mem_release(uint64_t addr, uint64_t size) {
    return g_backend->release(addr, size);
}

static int64_t serve_clock(uint32_t which) {
    struct kernel_timespec t = {0};
    int64_t e = sys_call3(SYS_clock_gettime, which, PTR(&t), 0);

    return e != 0 ? e : t.sec * 1000000000 + t.nsec;
}

static int64_t serve_sleep(uint64_t ns) {
    struct kernel_timespec t = timespec_of(ns);
    int64_t e;

    do
        e = sys_call3(SYS_nanosleep, PTR(&t), PTR(&t), 0);
    while (e == -EINTR);
    return e;
}

/* ITIMER_REAL: SIGALRM. */
static int64_t kick_every(uint64_t period_ns) {
    struct kernel_timespec t = timespec_of(period_ns);
    struct kernel_itimer timer = {{t.sec, t.nsec / 1000}, {t.sec, t.nsec / 1000}};

    return g_backend->kicks ? sys_call3(SYS_setitimer, 0, PTR(&timer), 0) : -ENOSYS;
}

static bool g_storm;

void serve_storm(uint64_t period_us) {
    g_storm = period_us != 0;
    if (g_storm)
        kick_every(period_us * 1000);
}

static int64_t serve_kick(uint64_t period_ns) {
    return g_storm ? 0 : kick_every(period_ns);
}

/* The line has its level and subsystem already. */
static int64_t serve_log(uint32_t level, const void *line, uint64_t line_size) {
    static char out[2048]; /* one thread serves so far */
    size_t n =
        fmt_to(SPAN_OF(out), "occlum %.*s\n", (int)min_u64(line_size, 1900), (const char *)line);

    sys_call3(SYS_write, 2, PTR(out), n);
    return 0;
}

/* One "hex-address name\n" line; false at the end of the text. */
static bool next_symbol(uint64_t *pos, uint64_t *addr, cspan *name) {
    cspan rest, line;

    if (!cspan_from(&rest, cspan_of(g_files.symbols, g_files.symbols_size), *pos) || rest.n == 0)
        return false;
    if (!cspan_sub(&line, rest, 0, cspan_find(rest, '\n')))
        return false;
    *pos += line.n + 1;
    *addr = 0;
    size_t i = 0;
    for (; i < line.n && line.p[i] != ' '; i++)
        *addr = *addr << 4 | (uint64_t)(line.p[i] <= '9' ? line.p[i] - '0' : line.p[i] - 'a' + 10);
    return cspan_from(name, line, min_u64(i + 1, line.n));
}

static int64_t serve_symbol(uint64_t addr, void *name, uint64_t name_size) {
    uint64_t pos = 0, at, best_at = 0;
    cspan text, best = {0};

    if (g_files.symbols == NULL)
        return -ENOENT;
    while (next_symbol(&pos, &at, &text)) {
        if (at > addr)
            break;
        best = text;
        best_at = at;
    }
    if (best.n == 0)
        return -ENOENT;
    return (int64_t)fmt_to(span_of(name, name_size), "%.*s+0x%llx", (int)best.n,
                           (const char *)best.p, (unsigned long long)(addr - best_at));
}
