/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Where this installation keeps its files. It is found from the running executable, so that a
 * build directory works in place and an installed tree can be moved.
 */
#ifndef CLI_INSTALL_H
#define CLI_INSTALL_H

#include "base/err.h"

#define INSTALL_PATH_MAX 4096

/* From the executable's directory to lib/occlum; each executable defines its own. */
extern const char install_lib_from_exe[];

/* The path of a file in lib/occlum. Complains if it is not there. */
err install_path(char path[INSTALL_PATH_MAX], const char *file);

#endif
