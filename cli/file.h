/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Whole files and whole trees. Every failure is said, with the name of the file.
 */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <sys/types.h>

#include "base/err.h"

/* Reads a file of at most `max` bytes. Gives *bytes (release with free), which has a NUL behind
 * its end. EFBIG if it is larger. */
err file_read(char **bytes, size_t *size, const char *path, size_t max);

/* Creates a file that must not exist (EEXIST), with all of its bytes on the disk; or nothing. */
err file_create(const char *path, const void *bytes, size_t size, mode_t mode);

/* Waits until what was written to a file is on the disk: a full disk or a broken one shows here at
 * the latest. */
err file_sync(const char *path);

/* Removes a file or a tree, as far as it can; symbolic links are not followed. A path that does
 * not exist is fine. */
err tree_remove(const char *path);

#endif
