/* SPDX-License-Identifier: BSD-3-Clause
 *
 * occlum new PATH: mkdir and init. A directory in which init failed is taken away again.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/init.h"
#include "cli/say.h"
#include "cli/verb.h"

static void fd_close_p(int *fd) {
    if (*fd >= 0)
        close(*fd);
}

static err new_at(const char *path) {
    OWNED(fd_close_p) int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (here < 0)
        return complain_errno("cannot open the current directory");
    if (mkdir(path, 0755) != 0) {
        if (errno == EEXIST)
            return refuse("destination \"%s\" already exists", path);
        return complain_errno("cannot create the directory %s", path);
    }
    err e = chdir(path) == 0 ? instance_init() : complain_errno("cannot enter %s", path);
    if (failed(e) && fchdir(here) == 0)
        (void)rmdir(path);
    return e;
}

static err new_instance(char **args) {
    const char *path;

    TRY(init_options(&args));
    path = *args;
    if (path == NULL || *path == '\0')
        return refuse("target directory is not set");
    args++;
    TRY(init_options(&args)); /* the original takes --init-ra behind the path */
    if (*args != NULL)
        return complain("\"occlum new\" makes one directory; what is %s?", *args);
    return new_at(path);
}

int verb_new(int argc, char **args) {
    return failed(new_instance(args)) ? 1 : 0;
}
