/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The file is checked before its numbers are used, and measured before its pages are entered. A
 * refused enclave is described by what was found, not by a code.
 */
#include "host/run/load.h"

#include "abi/image/layout.h"
#include "base/err.h"
#include "host/run/say.h"
#include "host/run/sys.h"
#include "host/sgx/file.h"
#include "host/sgx/sigstruct.h"

static struct enclave_source g_source;

#define F_DUPFD_CLOEXEC 1030
#define FIRST_OWN_FD    3

int open_above_stdio(const char *path) {
    int64_t fd = sys_call3(SYS_open, PTR(path), O_RDONLY | O_CLOEXEC, 0);
    int64_t high;

    if (fd < 0 || fd >= FIRST_OWN_FD)
        return (int)fd;
    high = sys_call3(SYS_fcntl, (uint64_t)fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
    sys_call3(SYS_close, (uint64_t)fd, 0, 0);
    return (int)high;
}

static int64_t map_fd(int fd, const uint8_t **bytes, uint64_t *size) {
    struct kernel_stat st;
    int64_t e = sys_call3(SYS_fstat, (uint64_t)fd, PTR(&st), 0);

    if (e != 0 || st.size == 0)
        return e != 0 ? e : -ENODATA;
    int64_t at = sys_mmap(0, (uint64_t)st.size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at < 0)
        return at;
    *bytes = (const uint8_t *)(uintptr_t)at;
    *size = (uint64_t)st.size;
    return 0;
}

int64_t map_file(const char *path, const uint8_t **bytes, uint64_t *size) {
    int64_t fd = sys_call3(SYS_open, PTR(path), O_RDONLY | O_CLOEXEC, 0);

    if (fd < 0)
        return fd;
    int64_t e = map_fd((int)fd, bytes, size);
    sys_call3(SYS_close, (uint64_t)fd, 0, 0);
    return e;
}

/* One descriptor for what is measured and what is mapped: a build that is exchanged in between
 * (`occlum build` renames) cannot mix two enclaves. */
static const struct enclave_file *open_enclave(const char *path) {
    g_source.fd = open_above_stdio(path);
    int64_t e =
        g_source.fd < 0 ? g_source.fd : map_fd(g_source.fd, &g_source.file, &g_source.file_size);

    if (e != 0)
        die(EXIT_REFUSED, "%s: cannot be read (%s); run `occlum build`", path, err_name((int)-e));
    if (g_source.file_size < sizeof(struct enclave_file))
        die(EXIT_REFUSED, "%s: too short for an enclave; run `occlum build`", path);
    g_source.path = path;
    const struct enclave_file *f = (const struct enclave_file *)(const void *)g_source.file;
    enum enclave_fault fault = enclave_file_check(f, g_source.file_size);
    if (fault != ENCLAVE_OK)
        die(EXIT_REFUSED, "%s: refused: %s", path, enclave_fault_text(fault));
    return f;
}

uint32_t cpu_features(void) {
    uint32_t a = 1, b = 0, c = 0, d = 0;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return d;
}

bool cpu_has_sha(void) {
    uint32_t a = 7, b = 0, c = 0, d = 0;

    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b & (1u << 29)) != 0; /* every CPU with SHA has SSSE3 and SSE4.1 */
}

/* What EINIT does: the measurement and the signature must speak of this enclave. */
static void authenticate(const struct enclave_file *f, struct sgx_secs *secs) {
    const struct sgx_sigstruct *s = &f->sigstruct;
    enum sigstruct_fault fault;

    sha256_use_ni(cpu_has_sha());
    enclave_file_measure(f, cspan_of(g_source.file, g_source.file_size), secs->mrenclave);
    sigstruct_mrsigner(s, secs->mrsigner);
    fault = sigstruct_check(s);
    if (fault == SIGSTRUCT_OK)
        fault = sigstruct_match(s, secs);
    if (fault != SIGSTRUCT_OK)
        die(EXIT_REFUSED, "%s: EINIT refuses the enclave: %s", g_source.path,
            sigstruct_fault_text(fault));
}

void enclave_load(const struct backend *backend, const char *path) {
    static struct sgx_secs secs;
    const struct enclave_file *f = open_enclave(path);

    secs.size = f->enclave_size;
    secs.ssa_frame_pages = f->ssa_frame_pages;
    secs.miscselect = f->sigstruct.miscselect;
    secs.attributes = f->sigstruct.attributes;
    secs.isv_prod_id = f->sigstruct.isv_prod_id;
    secs.isv_svn = f->sigstruct.isv_svn;
    backend->create(&secs, &f->sigstruct);
    for (uint32_t i = 0; i < f->run_count; i++)
        backend->add(&g_source, &f->runs[i]);
    authenticate(f, &secs);
    backend->init(&f->sigstruct, &secs);
}
