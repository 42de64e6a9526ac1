/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The new build directory while it is made: ./build.tmp.PID, which takes the place of ./build in
 * one step when it is complete. Whatever stops a build before that - ^C, kill -9, a full disk -
 * leaves the old ./build as it was; what lies around is cleared away by the next build.
 */
#ifndef CLI_STAGE_H
#define CLI_STAGE_H

#include "base/err.h"

#define STAGE_PATH_MAX 128

struct stage {
    char path[STAGE_PATH_MAX]; /* "" when there is none */
};

/* Clears leftovers away and makes an empty staging directory. The build lock is held. */
err stage_open(struct stage *stage);
/* The path of a file in it, whose name is short. */
void stage_file(const struct stage *stage, const char *name, char path[STAGE_PATH_MAX]);
/* Puts it in the place of ./build and removes the old one. */
err stage_commit(struct stage *stage);
/* For OWNED: removes what was not committed. */
void stage_close(struct stage *stage);

#endif
