/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The exchange is renameat2(RENAME_EXCHANGE): at no moment is there no ./build. A file system
 * that cannot do it gets two renames, between which a crash leaves the old build under the name
 * build.tmp.old; the next build then puts it back before it starts.
 */
#include "cli/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/instance.h"
#include "cli/say.h"

#define STAGE_PREFIX "build.tmp."
#define OLD_BUILD    "./build.tmp.old"

/* Any staging directory is a leftover: the lock says that no other build is at work. */
static err leftovers_remove(void) {
    DIR *directory = opendir(".");
    char path[STAGE_PATH_MAX + NAME_MAX];

    if (directory == NULL)
        return complain_errno("cannot read the current directory");
    for (struct dirent *d; (d = readdir(directory)) != NULL;) {
        if (strncmp(d->d_name, STAGE_PREFIX, strlen(STAGE_PREFIX)) != 0)
            continue;
        snprintf(path, sizeof(path), "./%s", d->d_name);
        (void)tree_remove(path);
    }
    closedir(directory);
    return OK;
}

/* Said before the work: an old build that cannot be emptied would lie around for ever. */
static err build_dir_check(void) {
    struct stat st;

    if (access(BUILD_DIR, W_OK | X_OK) == 0 || errno != EACCES)
        return OK;
    unsigned owner = stat(BUILD_DIR, &st) == 0 ? st.st_uid : 0;
    return complain("%s belongs to user %u and you may not replace it; have it removed or given to "
                    "you (chown -R), then build again",
                    BUILD_DIR, owner);
}

err stage_open(struct stage *stage) {
    if (access(BUILD_DIR, F_OK) != 0)
        (void)rename(OLD_BUILD, BUILD_DIR);
    TRY(build_dir_check());
    TRY(leftovers_remove());
    snprintf(stage->path, sizeof(stage->path), "./" STAGE_PREFIX "%ld", (long)getpid());
    if (mkdir(stage->path, 0755) == 0)
        return OK;
    err e = complain_errno("cannot create the directory %s", stage->path);
    stage->path[0] = '\0';
    return e;
}

void stage_file(const struct stage *stage, const char *name, char path[STAGE_PATH_MAX]) {
    int n = snprintf(path, STAGE_PATH_MAX, "%s/%s", stage->path, name);

    if (n < 0 || n >= STAGE_PATH_MAX)
        abort(); /* names are constants of ours */
}

static err exchange(const char *staged) {
    if (renameat2(AT_FDCWD, staged, AT_FDCWD, BUILD_DIR, RENAME_EXCHANGE) == 0) {
        (void)tree_remove(staged); /* what stays is cleared away by the next build */
        return OK;
    }
    if (errno != EINVAL && errno != ENOSYS)
        return complain_errno("cannot put the new build in the place of %s", BUILD_DIR);
    if (rename(BUILD_DIR, OLD_BUILD) != 0 || rename(staged, BUILD_DIR) != 0)
        return complain_errno("cannot put the new build in the place of %s", BUILD_DIR);
    (void)tree_remove(OLD_BUILD);
    return OK;
}

err stage_commit(struct stage *stage) {
    TRY(file_sync(stage->path));
    if (access(BUILD_DIR, F_OK) == 0) {
        TRY(exchange(stage->path));
    } else if (rename(stage->path, BUILD_DIR) != 0) {
        return complain_errno("cannot put the new build in the place of %s", BUILD_DIR);
    }
    stage->path[0] = '\0';
    return file_sync(".");
}

void stage_close(struct stage *stage) {
    if (stage->path[0] != '\0')
        (void)tree_remove(stage->path);
    stage->path[0] = '\0';
}
