/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The kind of each argument picks its printer; flags print as names from tables, with the bits no
 * table knows as a hexadecimal rest.
 */
#include "enclave/sys/trace.h"

#include "abi/linux/fs.h"
#include "base/log.h"
#include "base/trap.h"
#include "enclave/user/copy.h"

#define ADDRESS_MIN 0x10000 /* no smaller result is an address */

struct flag_name {
    uint64_t bits;
    const char *name;
};

static const struct flag_name g_open[] = {
    {O_TMPFILE, "O_TMPFILE"},   {O_SYNC, "O_SYNC"},           {O_CREAT, "O_CREAT"},
    {O_EXCL, "O_EXCL"},         {O_NOCTTY, "O_NOCTTY"},       {O_TRUNC, "O_TRUNC"},
    {O_APPEND, "O_APPEND"},     {O_NONBLOCK, "O_NONBLOCK"},   {O_DSYNC, "O_DSYNC"},
    {O_DIRECT, "O_DIRECT"},     {O_LARGEFILE, "O_LARGEFILE"}, {O_DIRECTORY, "O_DIRECTORY"},
    {O_NOFOLLOW, "O_NOFOLLOW"}, {O_NOATIME, "O_NOATIME"},     {O_CLOEXEC, "O_CLOEXEC"},
    {O_PATH, "O_PATH"},
};
static const struct flag_name g_at[] = {
    {AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW"},
    {AT_REMOVEDIR, "AT_REMOVEDIR"},
    {AT_SYMLINK_FOLLOW, "AT_SYMLINK_FOLLOW"},
    {AT_NO_AUTOMOUNT, "AT_NO_AUTOMOUNT"},
    {AT_EMPTY_PATH, "AT_EMPTY_PATH"},
};
static const struct flag_name g_access[] = {{R_OK, "R_OK"}, {W_OK, "W_OK"}, {X_OK, "X_OK"}};
static const struct flag_name g_prot[] = {{1, "PROT_READ"}, {2, "PROT_WRITE"}, {4, "PROT_EXEC"}};
static const struct flag_name g_map[] = {
    {1, "MAP_SHARED"},         {2, "MAP_PRIVATE"},
    {0x10, "MAP_FIXED"},       {0x20, "MAP_ANONYMOUS"},
    {0x4000, "MAP_NORESERVE"}, {0x8000, "MAP_POPULATE"},
    {0x20000, "MAP_STACK"},    {0x100000, "MAP_FIXED_NOREPLACE"},
};
static const struct flag_name g_fcntl[] = {
    {F_DUPFD, "F_DUPFD"}, {F_GETFD, "F_GETFD"}, {F_SETFD, "F_SETFD"},
    {F_GETFL, "F_GETFL"}, {F_SETFL, "F_SETFL"}, {F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"},
};
static const struct flag_name g_ioctl[] = {
    {TCGETS, "TCGETS"},   {TCSETS, "TCSETS"},         {TCSETSW, "TCSETSW"},
    {TCSETSF, "TCSETSF"}, {TIOCGWINSZ, "TIOCGWINSZ"}, {FIONREAD, "FIONREAD"},
    {FIONBIO, "FIONBIO"}, {FIOCLEX, "FIOCLEX"},       {FIONCLEX, "FIONCLEX"},
};
static const struct flag_name g_whence[] = {
    {SEEK_SET, "SEEK_SET"}, {SEEK_CUR, "SEEK_CUR"}, {SEEK_END, "SEEK_END"}};
static const struct flag_name g_clock[] = {
    {0, "CLOCK_REALTIME"},          {1, "CLOCK_MONOTONIC"},     {2, "CLOCK_PROCESS_CPUTIME_ID"},
    {3, "CLOCK_THREAD_CPUTIME_ID"}, {4, "CLOCK_MONOTONIC_RAW"}, {5, "CLOCK_REALTIME_COARSE"},
    {6, "CLOCK_MONOTONIC_COARSE"},  {7, "CLOCK_BOOTTIME"},
};

static void print(struct trace_line *line, const char *fmt, ...) PRINTF(2, 3);

static void print(struct trace_line *line, const char *fmt, ...) {
    span rest;
    va_list ap;

    CHECK(span_from(&rest, SPAN_OF(line->text), line->n));
    va_start(ap, fmt);
    line->n += fmt_to_v(rest, fmt, ap);
    va_end(ap);
}

/* Names joined by '|'; `none` stands for no bit at all. */
static void print_flags(struct trace_line *line, uint64_t v, const struct flag_name *names,
                        size_t count, const char *none) {
    const char *sep = "";

    if (v == 0) {
        print(line, "%s", none);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (names[i].bits == 0 || (v & names[i].bits) != names[i].bits)
            continue;
        print(line, "%s%s", sep, names[i].name);
        v &= ~names[i].bits;
        sep = "|";
    }
    if (v != 0)
        print(line, "%s0x%llx", sep, (unsigned long long)v);
}

#define FLAGS(line, v, table, none) print_flags((line), (v), (table), COUNT_OF(table), (none))

/* One of several values. */
static void print_choice(struct trace_line *line, uint64_t v, const struct flag_name *names,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (names[i].bits == v) {
            print(line, "%s", names[i].name);
            return;
        }
    }
    print(line, "0x%llx", (unsigned long long)v);
}

#define CHOICE(line, v, table) print_choice((line), (v), (table), COUNT_OF(table))

static void print_open(struct trace_line *line, uint64_t v) {
    static const char *const access[] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};

    print(line, "%s", access[v & O_ACCMODE]);
    if ((v & ~(uint64_t)O_ACCMODE) == 0)
        return;
    print(line, "|");
    FLAGS(line, v & 0xffffffff & ~(uint64_t)O_ACCMODE, g_open, "0");
}

static void print_byte(struct trace_line *line, uint8_t c) {
    if (c == '"' || c == '\\')
        print(line, "\\%c", c);
    else if (c >= 0x20 && c < 0x7f)
        print(line, "%c", c);
    else
        print(line, "\\x%02x", c);
}

/* The text is read byte by byte, because it may end right before an unmapped page. */
static void print_string(struct trace_line *line, uaddr at) {
    uint8_t c = 0;
    size_t i;

    if (uaddr_is_null(at)) {
        print(line, "NULL");
        return;
    }
    if (failed(user_get(&c, at))) {
        print(line, "0x%llx", (unsigned long long)at.va);
        return;
    }
    print(line, "\"");
    for (i = 0; i < TRACE_STRING && c != '\0'; i++) {
        uaddr next;

        print_byte(line, c);
        if (!uaddr_add(&next, at, i + 1) || failed(user_get(&c, next)))
            break;
    }
    print(line, i == TRACE_STRING && c != '\0' ? "\"..." : "\"");
}

static void print_address(struct trace_line *line, uint64_t v) {
    if (v == 0)
        print(line, "NULL");
    else
        print(line, "0x%llx", (unsigned long long)v);
}

static void print_fd(struct trace_line *line, uint64_t v) {
    if ((int)(uint32_t)v == FD_CWD)
        print(line, "AT_FDCWD");
    else
        print(line, "%d", (int)(uint32_t)v);
}

static void print_flag_arg(struct trace_line *line, uint8_t kind, uint64_t v) {
    uint64_t low = (uint32_t)v;

    if (kind == KIND_open_flags)
        print_open(line, low);
    else if (kind == KIND_at_flags)
        FLAGS(line, low, g_at, "0");
    else if (kind == KIND_access_bits)
        FLAGS(line, low, g_access, "F_OK");
    else if (kind == KIND_mem_prot)
        FLAGS(line, low, g_prot, "PROT_NONE");
    else if (kind == KIND_map_flags)
        FLAGS(line, low, g_map, "0");
    else if (kind == KIND_fcntl_cmd)
        CHOICE(line, low, g_fcntl);
    else if (kind == KIND_ioctl_cmd)
        CHOICE(line, low, g_ioctl);
    else if (kind == KIND_seek_whence)
        CHOICE(line, low, g_whence);
    else
        CHOICE(line, low, g_clock);
}

static void print_arg(struct trace_line *line, uint8_t kind, uint64_t v) {
    switch (kind) {
    case KIND_fd_t:
    case KIND_int:
    case KIND_sig_no:
        print(line, "%d", (int)(uint32_t)v);
        break;
    case KIND_dirfd_t:
        print_fd(line, v);
        break;
    case KIND_u_str:
        print_string(line, UADDR(v));
        break;
    case KIND_u_in:
    case KIND_u_out:
    case KIND_u_ptr:
        print_address(line, v);
        break;
    case KIND_size_t:
        print(line, "%llu", (unsigned long long)v);
        break;
    case KIND_uint64_t:
        print(line, "0x%llx", (unsigned long long)v);
        break;
    case KIND_uint32_t:
        print(line, "%u", (uint32_t)v);
        break;
    case KIND_file_off:
        print(line, "%lld", (long long)v);
        break;
    case KIND_file_mode:
        print(line, "0%o", (uint32_t)v);
        break;
    default:
        print_flag_arg(line, kind, v);
    }
}

/* open without O_CREAT: what the mode argument holds is chance. */
static bool mode_is_unused(const struct sys_call *call, const struct sys_args *args, size_t i) {
    return call->kinds[i] == KIND_file_mode && i > 0 && call->kinds[i - 1] == KIND_open_flags &&
           (args->v[i - 1] & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) == 0;
}

void trace_call(struct trace_line *line, const struct task *t, const struct sys_call *call,
                const struct sys_args *args) {
    line->n = 0;
    print(line, "[T%d][#%llu] %s(", t->tid, (unsigned long long)t->syscalls, call->name);
    for (size_t i = 0; i < call->argc; i++) {
        if (mode_is_unused(call, args, i))
            break;
        if (i > 0)
            print(line, ", ");
        print_arg(line, call->kinds[i], args->v[i]);
    }
    print(line, ")");
}

static void emit(struct trace_line *line) {
    log_trace("sys", "%.*s", (int)line->n, line->text);
}

/* Addresses are hexadecimal, everything else is a number. */
static bool gives_address(const struct sys_call *call) {
    return call->argc > 0 && call->kinds[0] == KIND_u_ptr &&
           (call->kinds[1] == KIND_size_t || call->argc == 1);
}

void trace_result(struct trace_line *line, const struct sys_call *call, err e, int64_t value) {
    if (failed(e))
        print(line, " = -1 %s", err_name(e.no));
    else if (gives_address(call) && value >= ADDRESS_MIN)
        print(line, " = 0x%llx", (unsigned long long)value);
    else
        print(line, " = %lld", (long long)value);
    emit(line);
}

void trace_no_result(struct trace_line *line) {
    print(line, " = ?");
    emit(line);
}
