/* SPDX-License-Identifier: BSD-3-Clause
 * Signals: handlers run, masks hold them back, a fault has its address, a default action kills.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile sig_atomic_t g_seen;
static sigjmp_buf g_back;
static void *volatile g_address;

static void count(int sig) {
    g_seen += sig == SIGUSR1;
}

static void on_fault(int sig, siginfo_t *info, void *context) {
    (void)sig;
    (void)context;
    g_address = info->si_addr;
    siglongjmp(g_back, info->si_code);
}

int main(void) {
    struct sigaction act = {.sa_handler = count};
    sigset_t set, pending;
    char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int code;

    sigaction(SIGUSR1, &act, NULL);
    raise(SIGUSR1);
    printf("handled %d\n", g_seen);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    sigpending(&pending);
    printf("held back %d, pending %d\n", g_seen, sigismember(&pending, SIGUSR1));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("then handled %d\n", g_seen);

    act.sa_sigaction = on_fault;
    act.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &act, NULL);
    code = sigsetjmp(g_back, 1);
    if (code == 0)
        page[7] = 1;
    printf("fault: access denied %d, address right %d\n", code == SEGV_ACCERR,
           g_address == page + 7);
    munmap(page, 4096);
    code = sigsetjmp(g_back, 1);
    if (code == 0)
        page[9] = 1;
    printf("fault: not mapped %d, address right %d\n", code == SEGV_MAPERR, g_address == page + 9);
    fflush(stdout);
    kill(getpid(), SIGTERM);
    puts("not reached");
    return 0;
}
