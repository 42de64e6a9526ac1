/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The header says how long everything is; every array and every reference is looked at once when
 * the configuration is opened, so that a faulty builder shows at start, not as a missing string.
 */
#include "enclave/start/config.h"

/* A text inside the bytes, with a NUL behind it. */
static bool ref_ok(const struct config *c, struct config_ref ref) {
    uint8_t nul = 1;
    cspan text;

    return cspan_sub(&text, c->bytes, ref.offset, ref.size) &&
           cspan_u8(&nul, c->bytes, (uint64_t)ref.offset + ref.size) && nul == 0;
}

static bool strings_ok(const struct config *c) {
    struct config_string s;

    for (uint32_t n = 0; n < c->head.string_count; n++) {
        uint64_t at = c->head.strings_offset + (uint64_t)n * sizeof(s);
        if (!cspan_read(SPAN_OF(s), c->bytes, at) || s.kind < CONFIG_ENTRY_POINT ||
            s.kind > CONFIG_ENV_UNTRUSTED || !ref_ok(c, s.text))
            return false;
    }
    return true;
}

static bool mounts_ok(const struct config *c) {
    struct config_mount m;

    for (uint32_t n = 0; n < c->head.mount_count; n++) {
        uint64_t at = c->head.mounts_offset + (uint64_t)n * sizeof(m);
        if (!cspan_read(SPAN_OF(m), c->bytes, at) || m.kind < CONFIG_MOUNT_UNION ||
            m.kind > CONFIG_MOUNT_DEV || !ref_ok(c, m.target) || !ref_ok(c, m.source) ||
            !ref_ok(c, m.mac))
            return false;
    }
    return true;
}

err config_open(cspan bytes, struct config *out) {
    struct config c;

    if (!cspan_read(SPAN_OF(c.head), bytes, 0))
        return ERR(EINVAL);
    if (c.head.magic != CONFIG_MAGIC || c.head.version != CONFIG_VERSION ||
        !cspan_sub(&c.bytes, bytes, 0, c.head.total_size) || c.head.total_size < sizeof(c.head))
        return ERR(EINVAL);
    if (!strings_ok(&c) || !mounts_ok(&c))
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
