/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A look at a source tree before mkfs.erofs reads it: so that an unreadable file is named in a
 * sentence of ours, and because the volume's time stamp must not clamp any file's.
 */
#ifndef CLI_IMAGE_SURVEY_H
#define CLI_IMAGE_SURVEY_H

#include "cli/error.h"

struct survey {
    uint64_t bytes;     /* of all regular files */
    int64_t newest_sec; /* the latest modification time, at least 0 */
};

/* False with a sentence if a file or directory cannot be read or has no place in an image. */
MUST bool survey_tree(const char *source_dir, struct survey *out, struct cli_error *error);

#endif
