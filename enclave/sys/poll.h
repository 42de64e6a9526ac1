/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Waiting until one of several files is ready: what poll and select have in common.
 */
#ifndef ENCLAVE_SYS_POLL_H
#define ENCLAVE_SYS_POLL_H

#include "enclave/file/file.h"

#define POLL_FOREVER UINT64_MAX

struct poll_item {
    struct file *file; /* counted; NULL: nothing to wait for */
    uint32_t events, ready;
};

struct poll_set {
    struct poll_item *items; /* owned */
    size_t count;
};

/* A set of `count` items. EINVAL above FD_LIMIT, ENOMEM. */
MUST err poll_set_init(struct poll_set *s, size_t count);
void poll_set_fini(struct poll_set *s);
/* Waits until an item is ready or the time is over; *ready is how many are. */
MUST err poll_wait(struct poll_set *s, uint64_t timeout_ns, size_t *ready);

#endif
