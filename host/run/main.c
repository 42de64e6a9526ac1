/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The launcher: occlum-run [--mode SIM|EMU|HW] [--stats yes] --instance DIR -- PATH [ARG...]
 *
 * It loads and checks the signed enclave, hands it the command line and the environment in one
 * start block, and then serves host calls until the program ends. It is started by `occlum run`
 * with the instance as it is; everything it does is outside the trust boundary.
 */
#include "abi/host/start.h"
#include "abi/image/layout.h"
#include "base/err.h"
#include "base/fmt.h"
#include "base/log.h"
#include "base/mem.h"
#include "host/run/hw.h"
#include "host/run/load.h"
#include "host/run/say.h"
#include "host/run/serve.h"
#include "host/run/sim.h"
#include "host/run/sys.h"

#define PATH_SIZE 4096

struct command {
    const char *instance, *mode;
    char **program; /* path and arguments, NULL-terminated */
    uint32_t argc;
    char **env;
    bool stats; /* --stats yes: count leaves and say so at the end */
};

NORETURN void launch_main(uint64_t *stack);

static struct command parse(uint64_t *stack) {
    uint64_t argc = stack[0];
    char **argv = (char **)(stack + 1);
    struct command c = {.mode = "SIM", .env = argv + argc + 1};
    uint64_t i = 1;

    for (; i + 1 < argc; i += 2) {
        if (str_equal(argv[i], "--stats"))
            c.stats = str_equal(argv[i + 1], "yes");
        else if (str_equal(argv[i], "--instance"))
            c.instance = argv[i + 1];
        else if (str_equal(argv[i], "--mode"))
            c.mode = argv[i + 1];
        else
            break;
    }
    if (c.instance == NULL || i + 1 >= argc || !str_equal(argv[i], "--"))
        die(EXIT_USAGE,
            "usage: occlum-run [--mode SIM|EMU|HW] [--stats yes] --instance DIR -- PATH [ARG...]");
    c.program = argv + i + 1;
    c.argc = (uint32_t)(argc - i - 1);
    return c;
}

static void join(char *out, const char *dir, const char *name) {
    size_t n = fmt_to(span_of(out, PATH_SIZE - 1), "%s/%s", dir, name);

    out[n] = '\0';
}

/* Copies one string with its NUL to *at; dies when the block is full. */
static void append(span block, uint64_t *at, const char *s) {
    size_t n = str_len(s, START_MAX_SIZE) + 1;

    if (!span_write(block, *at, cspan_of(s, n)))
        die(EXIT_REFUSED, "the arguments and the environment exceed %u bytes; pass less",
            START_MAX_SIZE);
    *at += n;
}

/* The value of a variable, or NULL. */
static const char *env_get(char **env, const char *name) {
    size_t n = str_len(name, PATH_SIZE);

    for (; *env != NULL; env++) {
        cspan entry = cspan_of(*env, str_len(*env, n + 1)), head;
        if (cspan_sub(&head, entry, 0, n) && cspan_equal(head, cspan_of(name, n)) &&
            (*env)[n] == '=')
            return *env + n + 1;
    }
    return NULL;
}

static uint32_t log_level(char **env) {
    static const char *const names[] = {"off", "error", "warn", "info", "debug", "trace"};
    const char *asked = env_get(env, "OCCLUM_LOG_LEVEL");

    for (uint32_t i = 0; asked != NULL && i < COUNT_OF(names); i++) {
        if (str_equal(asked, names[i]))
            return i;
    }
    return LOG_ERROR;
}

/* A variable that is a decimal number, 0 if it is not set; anything else is refused. */
static uint64_t env_number(char **env, const char *name) {
    const char *text = env_get(env, name);
    uint64_t v = 0;

    for (size_t i = 0; text != NULL && text[i] != '\0'; i++) {
        if (text[i] < '0' || text[i] > '9' || i > 9)
            die(EXIT_USAGE, "%s=%s: a decimal number is expected", name, text);
        v = v * 10 + (uint64_t)(text[i] - '0');
    }
    return v;
}

static struct start_block *start_block_make(const struct command *c, struct host_area *area) {
    int64_t at = sys_mmap(0, START_MAX_SIZE, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (at < 0)
        die(EXIT_REFUSED, "out of memory (errno %lld)", (long long)-at);
    struct start_block *b = (struct start_block *)(uintptr_t)at;
    span block = span_of(b, START_MAX_SIZE);
    uint64_t end = sizeof(*b);
    uint32_t envc = 0;

    for (uint32_t i = 0; i < c->argc; i++)
        append(block, &end, c->program[i]);
    for (; c->env[envc] != NULL; envc++)
        append(block, &end, c->env[envc]);
    if (c->argc > START_MAX_ARGS || envc > START_MAX_ARGS)
        die(EXIT_REFUSED, "%u arguments and %u environment variables; an enclave takes %u of each",
            c->argc, envc, START_MAX_ARGS);
    *b = (struct start_block){.magic = START_MAGIC,
                              .version = START_VERSION,
                              .total_size = (uint32_t)end,
                              .argc = c->argc,
                              .envc = envc,
                              .strings_size = (uint32_t)(end - sizeof(*b)),
                              .log_level = log_level(c->env),
                              .call_area = PTR(area),
                              .flags = cpu_has_sha() ? START_CPU_SHA : 0,
                              .hwcap = cpu_features()};
    return b;
}

static struct host_area *area_make(void) {
    int64_t at =
        sys_mmap(0, (sizeof(struct host_area) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1),
                 PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (at < 0)
        die(EXIT_REFUSED, "out of memory (errno %lld)", (long long)-at);
    return (struct host_area *)(uintptr_t)at;
}

/* The symbol list lies beside the launcher; without it crash lines show bare addresses. */
static void find_symbols(struct serve_files *files) {
    static char self[PATH_SIZE], path[PATH_SIZE];
    int64_t n = sys_call3(SYS_readlink, PTR("/proc/self/exe"), PTR(self), sizeof(self) - 1);
    const uint8_t *bytes;

    if (n <= 0)
        return;
    while (n > 0 && self[n - 1] != '/')
        n--;
    self[n] = '\0';
    join(path, self, "libos.sym");
    if (map_file(path, &bytes, &files->symbols_size) == 0)
        files->symbols = (const char *)bytes;
}

struct backend_stats backend_stats;

static void print_stats(void) {
    const struct backend_stats *s = &backend_stats;

    say("stats: EENTER %llu, EEXIT %llu, AEX %llu, ERESUME %llu, EACCEPT %llu, EMODPE %llu, host "
        "calls %llu",
        (unsigned long long)s->eenter, (unsigned long long)s->eexit, (unsigned long long)s->aex,
        (unsigned long long)s->eresume, (unsigned long long)s->eaccept,
        (unsigned long long)s->emodpe, (unsigned long long)s->calls);
}

NORETURN static void serve_until_done(const struct backend *backend,
                                      const struct start_block *start, struct host_area *area,
                                      bool stats) {
    struct enclave_exit e = backend->enter(0, PTR(start));

    while (e.code == HOST_EXIT_CALL) {
        serve(area);
        e = backend->enter(0, 0);
    }
    if (e.code != HOST_EXIT_DONE)
        die(EXIT_CRASH, "the enclave left with the unknown code %llu", (unsigned long long)e.code);
    if (stats)
        print_stats();
    sys_exit((int)e.value);
}

/* The kernel's auxiliary vector lies behind the environment. */
static const struct backend *choose_hw(char **env) {
    struct hw_cpu cpu = hw_cpu_read();

    while (*env != NULL)
        env++;
    hw_start(hw_linux((const uint64_t *)(const void *)(env + 1)), &cpu);
    return &hw_backend;
}

static const struct backend *choose_backend(const char *mode, char **env) {
    if (str_equal(mode, "SIM"))
        return &sim_backend;
    if (str_equal(mode, "EMU"))
        return &emu_backend;
    if (str_equal(mode, "HW"))
        return choose_hw(env);
    die(EXIT_REFUSED, "unknown mode %s: there are SIM, EMU and HW", mode);
}

NORETURN void launch_main(uint64_t *stack) {
    struct command c = parse(stack);
    struct serve_files files = {.image = -1};
    static char image[PATH_SIZE], enclave[PATH_SIZE];

    const struct backend *backend = choose_backend(c.mode, c.env);

    sim_exit_cycles(env_number(c.env, "OCCLUM_SIM_EXIT_CYCLES"));
    join(image, c.instance, "build/rootfs.img");
    files.image = open_above_stdio(image);
    if (files.image < 0)
        die(EXIT_REFUSED, "%s: cannot be opened (%s); run `occlum build`", image,
            err_name(-files.image));
    join(enclave, c.instance, "build/enclave.signed");
    enclave_load(backend, enclave);
    find_symbols(&files);
    serve_init(&files, backend);
    serve_storm(env_number(c.env, "OCCLUM_SIM_KICK_US"));
    struct host_area *area = area_make();
    serve_until_done(backend, start_block_make(&c, area), area, c.stats);
}
