/* SPDX-License-Identifier: BSD-3-Clause
 *
 * One pass over the format: text goes out as it stands, '%' starts a directive that is parsed into
 * a struct directive and then printed from the next argument. What is not understood ends the
 * interpretation, because the arguments behind it can no longer be told apart: the rest of the
 * format is printed as text and no argument is touched any more.
 */
#include "base/fmt.h"

#include "base/mem.h"

#define FMT_WIDTH_MAX 256

struct out {
    span dst;
    size_t n;
};

struct args {
    va_list ap;
};

enum length { LEN_INT, LEN_CHAR, LEN_SHORT, LEN_LONG };

struct directive {
    bool left;        /* '-': pad on the right      */
    bool zero;        /* '0': pad numbers with '0'  */
    bool cut;         /* a precision was given      */
    size_t width;     /* least number of characters */
    size_t precision; /* most characters of a %s    */
    enum length length;
    char conversion;
};

static void put(struct out *o, char c) {
    if (o->n < o->dst.n)
        o->dst.p[o->n++] = (uint8_t)c;
}

static void put_n(struct out *o, char c, size_t n) {
    for (; n > 0; n--)
        put(o, c);
}

static void put_text(struct out *o, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++)
        put(o, s[i]);
}

static void put_padded(struct out *o, const struct directive *d, const char *s, size_t n) {
    size_t pad = d->width > n ? d->width - n : 0;

    if (!d->left)
        put_n(o, ' ', pad);
    put_text(o, s, n);
    if (d->left)
        put_n(o, ' ', pad);
}

static void put_number(struct out *o, const struct directive *d, const char *prefix, uint64_t v,
                       unsigned base) {
    char digits[24];
    size_t first = sizeof(digits);
    size_t prefix_n = str_len(prefix, 2);

    do {
        digits[--first] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v != 0);
    size_t n = sizeof(digits) - first + prefix_n;
    size_t pad = d->width > n ? d->width - n : 0;

    if (!d->left && !d->zero)
        put_n(o, ' ', pad);
    put_text(o, prefix, prefix_n);
    if (!d->left && d->zero)
        put_n(o, '0', pad);
    put_text(o, &digits[first], sizeof(digits) - first);
    if (d->left)
        put_n(o, ' ', pad);
}

static int64_t signed_arg(struct args *a, enum length length) {
    switch (length) {
    case LEN_CHAR:
        return (signed char)va_arg(a->ap, int);
    case LEN_SHORT:
        return (short)va_arg(a->ap, int);
    case LEN_LONG:
        return va_arg(a->ap, long);
    case LEN_INT:
        break;
    }
    return va_arg(a->ap, int);
}

static uint64_t unsigned_arg(struct args *a, enum length length) {
    switch (length) {
    case LEN_CHAR:
        return (unsigned char)va_arg(a->ap, unsigned);
    case LEN_SHORT:
        return (unsigned short)va_arg(a->ap, unsigned);
    case LEN_LONG:
        return va_arg(a->ap, unsigned long);
    case LEN_INT:
        break;
    }
    return va_arg(a->ap, unsigned);
}

static void put_signed(struct out *o, const struct directive *d, int64_t v) {
    uint64_t size = v < 0 ? ~(uint64_t)v + 1 : (uint64_t)v;

    put_number(o, d, v < 0 ? "-" : "", size, 10);
}

static void put_string(struct out *o, const struct directive *d, const char *s) {
    if (s == NULL)
        s = "(null)";
    put_padded(o, d, s, str_len(s, d->cut ? d->precision : SIZE_MAX));
}

/* A number in the format, or the next int argument for '*'; too large ones are cut. */
static const char *parse_count(const char *f, struct args *a, size_t *out) {
    size_t n = 0;

    if (*f == '*') {
        int v = va_arg(a->ap, int);
        *out = v < 0 ? 0 : (size_t)v;
        return f + 1;
    }
    for (; *f >= '0' && *f <= '9'; f++)
        n = n > FMT_WIDTH_MAX ? n : n * 10 + (size_t)(*f - '0');
    *out = n;
    return f;
}

static const char *parse_length(const char *f, enum length *out) {
    *out = LEN_INT;
    if (*f == 'h') {
        *out = f[1] == 'h' ? LEN_CHAR : LEN_SHORT;
        return f[1] == 'h' ? f + 2 : f + 1;
    }
    if (*f == 'l' || *f == 'z') {
        *out = LEN_LONG;
        return f[0] == 'l' && f[1] == 'l' ? f + 2 : f + 1;
    }
    return f;
}

/* f is behind the '%'; returns the place behind the directive. */
static const char *parse(const char *f, struct args *a, struct directive *d) {
    *d = (struct directive){.precision = SIZE_MAX};
    for (; *f == '-' || *f == '0'; f++) {
        d->left = d->left || *f == '-';
        d->zero = d->zero || *f == '0';
    }
    f = parse_count(f, a, &d->width);
    d->width = d->width > FMT_WIDTH_MAX ? FMT_WIDTH_MAX : d->width;
    if (*f == '.') {
        d->cut = true;
        f = parse_count(f + 1, a, &d->precision);
    }
    f = parse_length(f, &d->length);
    d->conversion = *f;
    return *f == '\0' ? f : f + 1;
}

/* False for a conversion that does not exist here. */
static bool convert(struct out *o, const struct directive *d, struct args *a) {
    char c;

    switch (d->conversion) {
    case 'd':
    case 'i':
        put_signed(o, d, signed_arg(a, d->length));
        return true;
    case 'u':
        put_number(o, d, "", unsigned_arg(a, d->length), 10);
        return true;
    case 'x':
        put_number(o, d, "", unsigned_arg(a, d->length), 16);
        return true;
    case 'o':
        put_number(o, d, "", unsigned_arg(a, d->length), 8);
        return true;
    case 'p':
        put_number(o, d, "0x", (uintptr_t)va_arg(a->ap, void *), 16);
        return true;
    case 's':
        put_string(o, d, va_arg(a->ap, const char *));
        return true;
    case 'c':
        c = (char)va_arg(a->ap, int);
        put_padded(o, d, &c, 1);
        return true;
    case '%':
        put(o, '%');
        return true;
    default:
        return false;
    }
}

size_t fmt_to_v(span dst, const char *fmt, va_list ap) {
    struct out o = {dst, 0};
    struct args a;
    const char *f = fmt;
    bool known = true;

    va_copy(a.ap, ap);
    while (known && *f != '\0') {
        struct directive d;
        const char *start = f++;

        if (*start != '%') {
            put(&o, *start);
            continue;
        }
        f = parse(f, &a, &d);
        known = convert(&o, &d, &a);
        if (!known)
            put_text(&o, start, str_len(start, SIZE_MAX));
    }
    va_end(a.ap);
    return o.n;
}

size_t fmt_to(span dst, const char *fmt, ...) {
    va_list ap;

    va_start(ap, fmt);
    size_t n = fmt_to_v(dst, fmt, ap);
    va_end(ap);
    return n;
}
