/* SPDX-License-Identifier: BSD-3-Clause
 *
 * An instance is the current directory. Its state:
 *
 *   .__occlum_status   "initialized" or "built"; that a program runs is not written but seen
 *   build/             what the last `occlum build` made; replaced as a whole
 *   run/               what programs wrote; never touched by a build
 *
 * Two locks on the directory itself, which the host kernel drops when their holder dies, however
 * it dies: each run holds a shared record lock, which makes `status` say "running"; a build holds
 * flock, so that there is one at a time.
 */
#ifndef CLI_INSTANCE_H
#define CLI_INSTANCE_H

#include "base/err.h"

#define STATUS_FILE "./.__occlum_status"
#define MODE_FILE   "./.sgx_mode"
#define CONFIG_FILE "./Occlum.json"
#define KEY_FILE    "./enclave-key.pem"
#define BUILD_DIR   "./build"

/* EINVAL after the original's message; EACCES after one that names what cannot be read. */
err instance_need_init(void);
err instance_need_build(void);

bool instance_is_initialized(void);
bool instance_is_built(void);
/* Does a run hold its lock? */
bool instance_is_running(void);

/* Writes the status file, whole or not at all. */
err instance_set_status(const char *status);

/* The lock of a run. It is left to the process, and over exec to the launcher. */
err instance_lock_run(void);
/* The lock of a build, held until this process ends. EBUSY after a message. */
err instance_lock_build(void);

#endif
