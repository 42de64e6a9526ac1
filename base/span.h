/* SPDX-License-Identifier: BSD-3-Clause
 *
 * span: a piece of memory that knows its size; cspan: the same, read-only. Both borrow, neither
 * owns. Parsers hold spans and never pointers: every access goes through the functions below,
 * which fail with ERANGE-like behaviour (they return false) instead of reading outside.
 * Offsets and sizes are bytes.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include "base/le.h"
#include "base/num.h"

typedef struct {
    uint8_t *p;
    size_t n;
} span;

typedef struct {
    const uint8_t *p;
    size_t n;
} cspan;

/* The bytes of a C object or array (not of what a pointer points to). */
#define SPAN_OF(obj)  ((span){(uint8_t *)&(obj), sizeof(obj)})
#define CSPAN_OF(obj) ((cspan){(const uint8_t *)&(obj), sizeof(obj)})
/* A string literal or char array without its final NUL. */
#define CSPAN_LIT(s) ((cspan){(const uint8_t *)(s), sizeof(s) - 1})

static inline span span_of(void *p, size_t n) {
    return (span){(uint8_t *)p, n};
}

static inline cspan cspan_of(const void *p, size_t n) {
    return (cspan){(const uint8_t *)p, n};
}

static inline cspan span_c(span s) {
    return (cspan){s.p, s.n};
}

/* The part [off, off + n); false if it does not lie inside. */
MUST bool span_sub(span *out, span s, uint64_t off, uint64_t n);
MUST bool cspan_sub(cspan *out, cspan s, uint64_t off, uint64_t n);
/* The rest from off on; false if off lies behind the end. */
MUST bool span_from(span *out, span s, uint64_t off);
MUST bool cspan_from(cspan *out, cspan s, uint64_t off);

/* Copies dst.n bytes from `off` of s into dst; false, with dst untouched, if s is too short. */
MUST bool cspan_read(span dst, cspan s, uint64_t off);
/* Copies all of src to `off` of dst; false, with dst untouched, if it does not fit. */
MUST bool span_write(span dst, uint64_t off, cspan src);

/* One number; false if it does not lie inside. */
MUST bool cspan_u8(uint8_t *out, cspan s, uint64_t off);
MUST bool cspan_le16(uint16_t *out, cspan s, uint64_t off);
MUST bool cspan_le32(uint32_t *out, cspan s, uint64_t off);
MUST bool cspan_le64(uint64_t *out, cspan s, uint64_t off);
MUST bool span_put_u8(span s, uint64_t off, uint8_t v);
MUST bool span_put_le32(span s, uint64_t off, uint32_t v);
MUST bool span_put_le64(span s, uint64_t off, uint64_t v);

void span_zero(span s);
bool cspan_equal(cspan a, cspan b);
/* Same length and bytes, in time that depends on the length only: for hashes and MACs. */
bool cspan_equal_ct(cspan a, cspan b);
/* Lexicographic, as memcmp; a prefix sorts first. */
int cspan_compare(cspan a, cspan b);
/* Position of the first byte c, or s.n. */
size_t cspan_find(cspan s, uint8_t c);

#endif
