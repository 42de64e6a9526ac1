/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Pages for the kernel itself: the page source of base/heap.h. They come from the window at
 * KHEAP_BASE, are committed in steps, and are never given back to the host: a freed run is kept
 * for the next one of its size class. One budget, resource_limits.kernel_space_heap_size.
 */
#ifndef ENCLAVE_MM_KPAGES_H
#define ENCLAVE_MM_KPAGES_H

#include "base/heap.h"

/* Called once, before heap_init. */
void kpages_init(uint64_t budget_bytes);
extern const struct page_source kpages_source;

/* A kernel stack with an unmapped page below it; returns its top, or 0. Never freed so far: tasks
 * recycle their stacks. */
MUST uint64_t kpages_stack(uint64_t size);

#endif
