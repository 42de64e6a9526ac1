/* SPDX-License-Identifier: BSD-3-Clause
 *
 * What a command has created so far, so that a failure in the middle leaves nothing behind. What
 * existed before is kept as it is and is not taken away.
 */
#ifndef CLI_JOURNAL_H
#define CLI_JOURNAL_H

#include <sys/types.h>

#include "base/err.h"

#define JOURNAL_MAX 64

struct journal {
    size_t count;
    char *paths[JOURNAL_MAX]; /* owned, in the order of creation */
};

/* Makes a directory, or keeps the one that is there. */
err journal_mkdir(struct journal *journal, const char *path, mode_t mode);
/* Makes a file, or keeps the one that is there. */
err journal_file(struct journal *journal, const char *path, const void *bytes, size_t size,
                 mode_t mode);
/* Remembers a path that the caller creates next. */
err journal_note(struct journal *journal, const char *path);

/* All went well: nothing is taken away any more. */
void journal_commit(struct journal *journal);
/* For OWNED: removes, in reverse order, what was created and not committed. */
void journal_undo(struct journal *journal);

#endif
