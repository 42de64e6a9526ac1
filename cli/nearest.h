/* SPDX-License-Identifier: BSD-3-Clause
 *
 * "Did you mean": which known word is a wrong one closest to?
 */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

/* A search over words that are offered one by one. Start with {.word = what was typed}. */
struct nearest {
    const char *word; /* borrowed */
    const char *best; /* borrowed; NULL until a word is close enough */
    size_t distance;
};

void nearest_offer(struct nearest *search, const char *known);

#endif
