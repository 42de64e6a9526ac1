/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Every access to bytes of unknown content ends up here: check the range with range_ok, then act.
 */
#include "base/span.h"

#include "base/mem.h"

bool cspan_sub(cspan *out, cspan s, uint64_t off, uint64_t n) {
    if (!range_ok(off, n, s.n))
        return false;
    *out = (cspan){s.p + off, (size_t)n};
    return true;
}

bool span_sub(span *out, span s, uint64_t off, uint64_t n) {
    if (!range_ok(off, n, s.n))
        return false;
    *out = (span){s.p + off, (size_t)n};
    return true;
}

bool cspan_from(cspan *out, cspan s, uint64_t off) {
    return off <= s.n && cspan_sub(out, s, off, s.n - off);
}

bool span_from(span *out, span s, uint64_t off) {
    return off <= s.n && span_sub(out, s, off, s.n - off);
}

bool cspan_read(span dst, cspan s, uint64_t off) {
    cspan part;

    if (!cspan_sub(&part, s, off, dst.n))
        return false;
    mem_copy(dst.p, part.p, part.n);
    return true;
}

bool span_write(span dst, uint64_t off, cspan src) {
    span part;

    if (!span_sub(&part, dst, off, src.n))
        return false;
    mem_copy(part.p, src.p, src.n);
    return true;
}

bool cspan_u8(uint8_t *out, cspan s, uint64_t off) {
    return cspan_read(SPAN_OF(*out), s, off);
}

bool cspan_le16(uint16_t *out, cspan s, uint64_t off) {
    le16 v;

    if (!cspan_read(SPAN_OF(v), s, off))
        return false;
    *out = le16_get(v);
    return true;
}

bool cspan_le32(uint32_t *out, cspan s, uint64_t off) {
    le32 v;

    if (!cspan_read(SPAN_OF(v), s, off))
        return false;
    *out = le32_get(v);
    return true;
}

bool cspan_le64(uint64_t *out, cspan s, uint64_t off) {
    le64 v;

    if (!cspan_read(SPAN_OF(v), s, off))
        return false;
    *out = le64_get(v);
    return true;
}

bool span_put_u8(span s, uint64_t off, uint8_t v) {
    return span_write(s, off, CSPAN_OF(v));
}

bool span_put_le32(span s, uint64_t off, uint32_t v) {
    le32 raw = le32_of(v);

    return span_write(s, off, CSPAN_OF(raw));
}

bool span_put_le64(span s, uint64_t off, uint64_t v) {
    le64 raw = le64_of(v);

    return span_write(s, off, CSPAN_OF(raw));
}

void span_zero(span s) {
    mem_zero(s.p, s.n);
}

bool cspan_equal(cspan a, cspan b) {
    return a.n == b.n && mem_equal(a.p, b.p, a.n);
}

bool cspan_equal_ct(cspan a, cspan b) {
    uint8_t diff = 0;

    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        diff |= (uint8_t)(a.p[i] ^ b.p[i]);
    return diff == 0;
}

int cspan_compare(cspan a, cspan b) {
    size_t n = a.n < b.n ? a.n : b.n;

    for (size_t i = 0; i < n; i++) {
        if (a.p[i] != b.p[i])
            return a.p[i] < b.p[i] ? -1 : 1;
    }
    return a.n == b.n ? 0 : (a.n < b.n ? -1 : 1);
}

size_t cspan_find(cspan s, uint8_t c) {
    size_t i = 0;

    while (i < s.n && s.p[i] != c)
        i++;
    return i;
}
