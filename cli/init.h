/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Making an instance; `new` and `init` differ only in the directory.
 */
#ifndef CLI_INIT_H
#define CLI_INIT_H

#include "base/err.h"

/* Makes the current directory an instance, or changes nothing. */
err instance_init(void);
/* The options both verbs take. */
err init_options(char ***args);

#endif
