/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A path is noted after its creation, so a file that was there before is never in the list.
 */
#include "cli/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/say.h"

err journal_note(struct journal *journal, const char *path) {
    char *copy = journal->count < JOURNAL_MAX ? strdup(path) : NULL;

    if (copy == NULL)
        return complain("out of memory");
    journal->paths[journal->count++] = copy;
    return OK;
}

err journal_mkdir(struct journal *journal, const char *path, mode_t mode) {
    struct stat st;

    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return OK;
    if (mkdir(path, 0755) != 0)
        return complain_errno("cannot create the directory %s", path);
    TRY(journal_note(journal, path));
    if (chmod(path, mode) != 0) /* mkdir drops the sticky bit and heeds the umask */
        return complain_errno("cannot set the mode of %s", path);
    return OK;
}

err journal_file(struct journal *journal, const char *path, const void *bytes, size_t size,
                 mode_t mode) {
    struct stat st;

    if (lstat(path, &st) == 0)
        return OK;
    TRY(file_create(path, bytes, size, mode));
    return journal_note(journal, path);
}

void journal_commit(struct journal *journal) {
    for (size_t i = 0; i < journal->count; i++)
        free(journal->paths[i]);
    journal->count = 0;
}

void journal_undo(struct journal *journal) {
    while (journal->count > 0) {
        char *path = journal->paths[--journal->count];

        (void)remove(path);
        free(path);
    }
}
