/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One walk with fts, which needs no file descriptor per level and does not follow symlinks.
 */
#include "cli/image/survey.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool readable(const FTSENT *entry, int mode, struct cli_error *error) {
    if (faccessat(AT_FDCWD, entry->fts_accpath, mode, AT_EACCESS) == 0)
        return true;
    cli_error_set_errno(error, "cannot read %s", entry->fts_path);
    return false;
}

/* mkfs.erofs 1.5 cuts longer names, then does not find the file. */
#define NAME_SIZE_MAX 254u

static bool name_fits(const FTSENT *entry, struct cli_error *error) {
    if (entry->fts_level == FTS_ROOTLEVEL || entry->fts_namelen <= NAME_SIZE_MAX)
        return true;
    cli_error_set(error, "the name of %s is longer than the %u bytes mkfs.erofs takes",
                  entry->fts_path, NAME_SIZE_MAX);
    return false;
}

static void note(const FTSENT *entry, struct survey *out) {
    if (entry->fts_statp->st_mtim.tv_sec > out->newest_sec)
        out->newest_sec = entry->fts_statp->st_mtim.tv_sec;
    if (entry->fts_info == FTS_F)
        out->bytes += (uint64_t)entry->fts_statp->st_size;
}

static bool visit(const FTSENT *entry, struct survey *out, struct cli_error *error) {
    switch (entry->fts_info) {
    case FTS_DP:
        return true;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        errno = entry->fts_errno;
        cli_error_set_errno(error, "cannot read %s", entry->fts_path);
        return false;
    case FTS_D:
        note(entry, out);
        return readable(entry, R_OK | X_OK, error);
    case FTS_F:
        note(entry, out);
        return readable(entry, R_OK, error);
    default:
        note(entry, out);
        return true;
    }
}

static void free_p(char **p) {
    free(*p);
}

static void fts_close_p(FTS **walk) {
    if (*walk != NULL)
        (void)fts_close(*walk);
}

bool survey_tree(const char *source_dir, struct survey *out, struct cli_error *error) {
    OWNED(fts_close_p) FTS *walk = NULL;
    OWNED(free_p) char *root = strdup(source_dir);
    char *const roots[] = {root, NULL};
    struct stat st;

    *out = (struct survey){0};
    if (root == NULL || stat(source_dir, &st) != 0) {
        cli_error_set_errno(error, "cannot read the image directory %s", source_dir);
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
        cli_error_set(error, "%s is not a directory", source_dir);
        return false;
    }
    walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
    if (walk == NULL) {
        cli_error_set_errno(error, "cannot read %s", source_dir);
        return false;
    }
    for (FTSENT *entry = NULL; errno = 0, (entry = fts_read(walk)) != NULL;) {
        if (!name_fits(entry, error) || !visit(entry, out, error))
            return false;
    }
    if (errno == 0)
        return true;
    cli_error_set_errno(error, "cannot read %s", source_dir);
    return false;
}
