/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Edit distance with swaps of neighbours, the usual slips of a keyboard, over three rows of the
 * table. A word is close enough if at most a third of it (and always one letter) is wrong.
 */
#include "cli/nearest.h"

#include <string.h>

#define WORD_MAX 63

static size_t min3(size_t a, size_t b, size_t c) {
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static size_t edit_distance(const char *a, const char *b) {
    size_t row[3][WORD_MAX + 1] = {0};
    size_t an = strlen(a), bn = strlen(b);

    for (size_t j = 0; j <= bn; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= an; i++) {
        size_t *now = row[i % 3];
        const size_t *up = row[(i + 2) % 3];
        const size_t *up2 = row[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= bn; j++) {
            size_t change = up[j - 1] + (a[i - 1] != b[j - 1]);

            now[j] = min3(up[j] + 1, now[j - 1] + 1, change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = min3(now[j], now[j], up2[j - 2] + 1);
        }
    }
    return row[an % 3][bn];
}

void nearest_offer(struct nearest *search, const char *known) {
    size_t n = strlen(search->word);

    if (n == 0 || n > WORD_MAX || strlen(known) > WORD_MAX)
        return;
    size_t limit = n / 3 > 1 ? n / 3 : 1;
    size_t distance = edit_distance(search->word, known);
    if (distance > limit || (search->best != NULL && distance >= search->distance))
        return;
    search->best = known;
    search->distance = distance;
}
