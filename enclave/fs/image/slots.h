/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The memory of the block cache: a fixed number of 4 KiB pages, each of which holds one block or is
 * free, found by block number, reused in least-recently-used order. Private to block.c, which alone
 * decides what may enter: a page is taken, filled and checked, then either kept or dropped.
 */
#ifndef ENCLAVE_FS_IMAGE_SLOTS_H
#define ENCLAVE_FS_IMAGE_SLOTS_H

#include "base/err.h"
#include "base/span.h"

struct slots;

/* At least SLOTS_MIN slots, even if `count` is smaller. Pages are allocated when first taken. */
#define SLOTS_MIN 8u
err slots_new(uint64_t count, struct slots **out);
void slots_free(struct slots *s);
size_t slots_count(const struct slots *s);

/* The page of a kept block, which becomes the most recently used one. */
bool slots_find(struct slots *s, uint64_t block, cspan *out);

/* The page that was used least recently, emptied: nobody finds it until slots_keep. Exactly one of
 * slots_keep and slots_drop must follow before the next slots_take. ENOMEM if no page can be had.
 */
err slots_take(struct slots *s, span *page);
/* The taken page now holds `block`, which must not be kept already. */
void slots_keep(struct slots *s, uint64_t block);
/* The taken page is free again. */
void slots_drop(struct slots *s);

#endif
