/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A tree and a process for tests of paths, files and system calls:
 *
 *   /          tmpfs, writable
 *   /ro        a read-only tmpfs with one file "f" and one directory "d"
 *   /dev /proc as in the enclave
 *
 * tree_stop() checks that nothing is left on the heap.
 */
#ifndef TESTS_LIB_TREE_H
#define TESTS_LIB_TREE_H

#include "base/heap.h"
#include "enclave/fs/vfs/vfs.h"
#include "enclave/proc/process.h"
#include "enclave/sched/task.h"

struct tree {
    struct process proc;
    struct task task;
};

extern struct tree tree;

/* For cmocka's setup and teardown. */
int tree_start(void **state);
int tree_stop(void **state);

/* A path of the working directory. */
struct path_at tree_path(const char *path);
/* Makes a file with these bytes, a directory, a symlink; ends the test if it cannot. */
void tree_file(const char *path, const char *bytes);
void tree_dir(const char *path);
void tree_link(const char *path, const char *target);

/* A system call by number, with up to six registers: what rax holds afterwards. */
int64_t tree_call(uint64_t nr, const uint64_t args[6]);
#define SYS(nr, ...) tree_call((nr), (const uint64_t[6]){__VA_ARGS__})

#endif
