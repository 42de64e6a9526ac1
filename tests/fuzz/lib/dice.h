/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Random choices for custom mutators: a small generator that libFuzzer's seed starts, so that a run
 * with a fixed seed is the same run.
 */
#ifndef TESTS_FUZZ_LIB_DICE_H
#define TESTS_FUZZ_LIB_DICE_H

#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_next(struct dice *d) {
    uint64_t z = (d->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0..n-1 */
static inline uint64_t dice_below(struct dice *d, uint64_t n) {
    return dice_next(d) % n;
}

/* Numbers that parsers get wrong: ends of ranges, page and word borders, the number before or after
 * `near`, and now and then anything. */
static inline uint64_t dice_number(struct dice *d, uint64_t near) {
    static const uint64_t borders[] = {0,
                                       1,
                                       2,
                                       55,
                                       56,
                                       57,
                                       64,
                                       4095,
                                       4096,
                                       4097,
                                       0xffff,
                                       0x10000,
                                       0x400000,
                                       UINT32_MAX,
                                       UINT64_C(1) << 32,
                                       UINT64_C(1) << 38,
                                       INT64_MAX,
                                       UINT64_C(1) << 63,
                                       UINT64_MAX - 4096,
                                       UINT64_MAX - 4095,
                                       UINT64_MAX};

    switch (dice_below(d, 6)) {
    case 0:
        return borders[dice_below(d, sizeof(borders) / sizeof(borders[0]))];
    case 1:
        return near + dice_below(d, 3) - 1;
    case 2:
        return near ^ (UINT64_C(1) << dice_below(d, 64));
    case 3:
        return near + 4096 * (dice_below(d, 5) - 2);
    case 4:
        return dice_below(d, UINT64_C(1) << (1 + dice_below(d, 40)));
    default:
        return dice_next(d);
    }
}

#endif
