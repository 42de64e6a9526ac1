/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The system call layer: takes the registers of a task that executed `syscall`, gives it the
 * answer. Handlers are in this directory, one file per family; nobody includes this directory but
 * enclave/start and the entry code.
 */
#ifndef ENCLAVE_SYS_DISPATCH_H
#define ENCLAVE_SYS_DISPATCH_H

struct task;

/* Performs the call in t->regs (number in rax, arguments in rdi rsi rdx r10 r8 r9) and stores its
 * value or -errno into t->regs.rax. Counts it in t->syscalls. May block; may not return (exit). */
void syscall_dispatch(struct task *t);

#endif
