/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Two checks do it all: the header says how long everything is, and every reference is read
 * through the span of that length.
 */
#include "enclave/start/config.h"

err config_open(cspan bytes, struct config *out) {
    struct config c;

    if (!cspan_read(SPAN_OF(c.head), bytes, 0))
        return ERR(EINVAL);
    if (c.head.magic != CONFIG_MAGIC || c.head.version != CONFIG_VERSION ||
        !cspan_sub(&c.bytes, bytes, 0, c.head.total_size) || c.head.total_size < sizeof(c.head))
        return ERR(EINVAL);
    *out = c;
    return OK;
}

bool config_string(const struct config *c, enum config_string_kind kind, uint32_t i, cspan *out) {
    struct config_string s;

    for (uint32_t n = 0; n < c->head.string_count; n++) {
        uint64_t at = c->head.strings_offset + (uint64_t)n * sizeof(s);
        if (!cspan_read(SPAN_OF(s), c->bytes, at))
            return false;
        if (s.kind == (uint32_t)kind && i-- == 0)
            return cspan_sub(out, c->bytes, s.text.offset, s.text.size);
    }
    return false;
}
