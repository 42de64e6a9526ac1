/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The child process that writes the EROFS volume.
 */
#ifndef CLI_IMAGE_MKFS_H
#define CLI_IMAGE_MKFS_H

#include "cli/image/make.h"
#include "cli/image/survey.h"

/* Runs mkfs.erofs; out_path holds the volume, with an all-zero UUID, when this returns true.
 * Reports the volume's growing size as `done` of `total`. */
MUST bool mkfs_run(const char *source_dir, const char *out_path, const struct survey *survey,
                   struct image_progress *progress, struct cli_error *error);

#endif
