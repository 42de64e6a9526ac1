/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs one crime, compiled exactly as the enclave is, and names the trap that ends it. It plays
 * the enclave's part as far as a crime needs it: %gs points to a block with the stack canary at
 * offset 40, the heap has pages, and a fault is decoded by trap_name() as the exception handler
 * does it. Prints "trap: KIND at ADDRESS", or that nothing happened, which is the worse news.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <asm/prctl.h>

#include "base/heap.h"
#include "base/trap.h"
#include "tests/negative/crime.h"

#define CANARY_OFFSET 40
#define PAGE          4096

static uint8_t g_vcpu[PAGE];

static void *pages_get(size_t count) {
    void *p = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void pages_put(void *pages, size_t count) {
    munmap(pages, count * PAGE);
}

static const struct page_source g_pages = {.get = pages_get, .put = pages_put};

static void on_fault(int sig, siginfo_t *info, void *context) {
    const ucontext_t *uc = context;
    uint64_t rip = (uint64_t)uc->uc_mcontext.gregs[REG_RIP];
    uint8_t insn[5];
    const char *name = NULL;

    (void)info;
    if (sig == SIGILL) {
        memcpy(insn, (const void *)(uintptr_t)rip, sizeof(insn));
        name = trap_name(insn);
    } else if (sig == SIGSEGV) {
        name = "segv";
    }
    printf("trap: %s at 0x%lx\n", name ? name : strsignal(sig), (unsigned long)rip);
    fflush(stdout);
    _exit(name ? 134 : 1);
}

int main(void) {
    static uint8_t alt_stack[16 * PAGE];
    stack_t ss = {.ss_sp = alt_stack, .ss_size = sizeof(alt_stack)};
    struct sigaction sa = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    const int fatal[] = {SIGILL, SIGSEGV, SIGTRAP, SIGBUS, SIGFPE, SIGABRT};
    uint64_t canary = 0xc0ffee1122334400;

    sigaltstack(&ss, NULL);
    for (size_t i = 0; i < COUNT_OF(fatal); i++)
        sigaction(fatal[i], &sa, NULL);
    memcpy(g_vcpu + CANARY_OFFSET, &canary, sizeof(canary));
    if (syscall(SYS_arch_prctl, ARCH_SET_GS, g_vcpu) != 0)
        return 2;
    heap_init(&g_pages);
    crime();
    puts("nothing happened");
    return 0;
}

/* Hosted, in another object than the crime, without link-time optimisation: opaque. */
int32_t opaque_i32(int32_t v) {
    return v;
}

uint64_t opaque_u64(uint64_t v) {
    return v;
}

void *opaque_ptr(void *p) {
    return p;
}

void look_at(uint64_t v) {
    static volatile uint64_t sink;
    sink = v;
}
