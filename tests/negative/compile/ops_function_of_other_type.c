/* must not compile: incompatible (function )?pointer type */
/* SPDX-License-Identifier: BSD-3-Clause
 * An operation of a table has exactly the type of the table: kCFI depends on it.
 */
#include "base/err.h"
#include "base/span.h"

struct file_ops {
    err (*read)(span dst, uint64_t off);
};
#ifdef CRIME
static err read_zero(span dst, uint32_t off) {
#else
static err read_zero(span dst, uint64_t off) {
#endif
    span_zero(dst);
    return off > 7 ? ERR(EIO) : OK;
}
extern const struct file_ops crime;
const struct file_ops crime = {.read = read_zero};
