/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A size is read in three parts: digits, blanks, unit. Nothing is guessed: no sign, no fraction, no
 * lower-case unit, because a limit that is wrong by a factor is worse than an error.
 */
#include "cli/config/size.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

static const struct {
    const char *name;
    uint64_t factor;
} units[] = {
    {"B", 1}, {"KB", 1ull << 10}, {"MB", 1ull << 20}, {"GB", 1ull << 30}, {"TB", 1ull << 40}};

static const char *skip_blanks(const char *s) {
    return s + strspn(s, " \t\r\n");
}

static err unit_parse(uint64_t *factor, const char *s) {
    size_t n = strcspn(s, " \t\r\n");

    if (*skip_blanks(s + n) != '\0')
        return ERR(EINVAL);
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (strlen(units[i].name) == n && memcmp(units[i].name, s, n) == 0) {
            *factor = units[i].factor;
            return OK;
        }
    }
    return ERR(EINVAL);
}

/* Reads digits of `base` from *s on; moves *s behind them. */
static err digits_parse(uint64_t *value, const char **s, unsigned base) {
    static const char digits[] = "0123456789abcdef";
    uint64_t sum = 0;
    const char *p = *s;
    bool fits = true;

    for (;; p++) {
        char c = *p >= 'A' && *p <= 'F' ? (char)(*p - 'A' + 'a') : *p;
        const char *digit = c == '\0' ? NULL : strchr(digits, c);

        if (digit == NULL || digit - digits >= (long)base)
            break;
        fits = fits && mul_ok(&sum, sum, base) && add_ok(&sum, sum, (uint64_t)(digit - digits));
    }
    if (p == *s)
        return ERR(EINVAL);
    *s = p;
    *value = sum;
    return fits ? OK : ERR(ERANGE);
}

err size_parse(uint64_t *bytes, const char *text) {
    const char *s = skip_blanks(text);
    uint64_t number = 0, factor = 0, product;
    err digits = digits_parse(&number, &s, 10);

    if (digits.no == EINVAL)
        return digits;
    TRY(unit_parse(&factor, skip_blanks(s)));
    TRY(digits);
    if (!mul_ok(&product, number, factor))
        return ERR(ERANGE);
    *bytes = product;
    return OK;
}

err hex_parse(uint64_t *value, const char *text) {
    const char *s = text + 2;
    uint64_t number = 0;

    if (strncmp(text, "0x", 2) != 0 && strncmp(text, "0X", 2) != 0)
        return ERR(EINVAL);
    err digits = digits_parse(&number, &s, 16);
    if (digits.no == EINVAL || *s != '\0')
        return ERR(EINVAL);
    TRY(digits);
    *value = number;
    return OK;
}

void size_print(char out[SIZE_TEXT], uint64_t bytes) {
    size_t unit = 0;

    while (bytes != 0 && unit + 1 < COUNT_OF(units) && bytes % units[unit + 1].factor == 0)
        unit++;
    snprintf(out, SIZE_TEXT, "%llu%s", (unsigned long long)(bytes / units[unit].factor),
             units[unit].name);
}
