/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The names of errno numbers, for log lines and traces: a table indexed by number.
 */
#include "base/err.h"

#define E(name, no, text) [no] = #name,
static const char *const g_names[] = {
#include "abi/linux/errno.def"
};
#undef E

const char *err_name(int no) {
    if (no <= 0 || (size_t)no >= COUNT_OF(g_names) || g_names[no] == NULL)
        return "E?";
    return g_names[no];
}
