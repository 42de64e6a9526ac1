/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The child's SIGILL handler reads the instruction at the interrupted place and writes the name of
 * the trap into a pipe, as the enclave's exception handler does with its log.
 */
#define _GNU_SOURCE /* REG_RIP */
#include "tests/lib/dies.h"

#include "tests/lib/unit.h"

#include <signal.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/trap.h"

#define EXIT_TRAPPED 77

static int g_out;

bool has_asan(void) {
#if defined(__SANITIZE_ADDRESS__)
    return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return true;
#endif
#endif
    return false;
}

static void on_sigill(int sig, siginfo_t *info, void *context) {
    const ucontext_t *uc = context;
    const char *name = trap_name((const uint8_t *)uc->uc_mcontext.gregs[REG_RIP]);

    if (name == NULL)
        name = "another instruction";
    _exit(write(g_out, name, strlen(name)) > 0 ? EXIT_TRAPPED : 1);
}

static void child(void (*crime)(void), const int pipe_ends[2]) {
    struct sigaction sa = {.sa_sigaction = on_sigill, .sa_flags = SA_SIGINFO};

    close(pipe_ends[0]);
    g_out = pipe_ends[1];
    sigaction(SIGILL, &sa, NULL);
    if (has_asan())
        close(2); /* its report is expected */
    crime();
    _exit(0);
}

const char *dies_of(void (*crime)(void)) {
    static char name[64];
    int pipe_ends[2];
    int status;

    assert_int_equal(pipe(pipe_ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(crime, pipe_ends);
    close(pipe_ends[1]);
    ssize_t n = read(pipe_ends[0], name, sizeof(name) - 1);
    close(pipe_ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_TRAPPED && n > 0) {
        name[n] = '\0';
        return name;
    }
    if (!WIFEXITED(status))
        return "signal";
    return WEXITSTATUS(status) == 0 ? "exit" : "sanitizer";
}

void assert_dies_of(const char *trap, void (*crime)(void)) {
    const char *got = dies_of(crime);

    if (has_asan() && strcmp(got, "sanitizer") == 0)
        return;
    assert_string_equal(got, trap);
}
