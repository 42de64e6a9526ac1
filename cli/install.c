/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The layout is PREFIX/bin/occlum and PREFIX/lib/occlum/FILE; only the relation of the two counts.
 */
#include "cli/install.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"

err install_path(char path[INSTALL_PATH_MAX], const char *file) {
    char exe[INSTALL_PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

    if (n < 0)
        return complain_errno("cannot read /proc/self/exe to find lib/occlum");
    exe[n] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash == NULL)
        return complain("/proc/self/exe is no path: %s", exe);
    *slash = '\0';

    int length = snprintf(path, INSTALL_PATH_MAX, "%s/%s%s", exe, install_lib_from_exe, file);
    if (length < 0 || length >= INSTALL_PATH_MAX)
        return complain("the path of lib/occlum/%s is too long", file);
    if (access(path, F_OK) != 0)
        return complain("%s is missing: this installation is not complete", path);
    return OK;
}
