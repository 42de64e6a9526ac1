/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A wait is: look at all; if none is ready, wait for a change. Files inside wake the queue of
 * pollers. Files of the host cannot, so with one of them in the set and no other task the vCPU
 * waits for it on the host (in turns of POLL_TURN if there are several), and with other tasks it
 * looks again every POLL_TURN.
 */
#include "enclave/sys/poll.h"

#include "base/heap.h"
#include "base/trap.h"
#include "enclave/file/fd.h"
#include "enclave/fs/stdio/stdio.h"
#include "enclave/host/call.h"
#include "enclave/sched/wait.h"
#include "enclave/time/clock.h"

#define POLL_TURN 10000000ull /* 10 ms */

err poll_set_init(struct poll_set *s, size_t count) {
    if (count > FD_LIMIT)
        return ERR(EINVAL);
    s->items = heap_alloc(count * sizeof(struct poll_item));
    s->count = count;
    return s->items != NULL ? OK : ERR(ENOMEM);
}

void poll_set_fini(struct poll_set *s) {
    for (size_t i = 0; s->items != NULL && i < s->count; i++)
        file_put(s->items[i].file);
    heap_free(s->items);
}

/* One look at each file. */
static err look(struct poll_set *s, size_t *ready) {
    *ready = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct poll_item *item = &s->items[i];

        if (item->file != NULL)
            TRY(file_poll(item->file, item->events, &item->ready));
        *ready += item->ready != 0;
    }
    return OK;
}

/* The n-th file of the host in the set, counted in turns; false if there is none. */
static bool host_item(const struct poll_set *s, size_t turn, size_t *hosts, uint32_t *fd,
                      uint32_t *events) {
    size_t found = 0;
    uint32_t host_fd;

    *hosts = 0;
    for (size_t i = 0; i < s->count; i++)
        *hosts += s->items[i].file != NULL && stdio_host_fd(s->items[i].file, &host_fd);
    if (*hosts == 0)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        if (s->items[i].file == NULL || !stdio_host_fd(s->items[i].file, fd))
            continue;
        *events = s->items[i].events;
        if (found++ == turn % *hosts)
            return true;
    }
    return false;
}

/* Waits at most `left` for a file inside to change. */
static err wait_change(uint64_t left) {
    uint64_t deadline;

    TRY(clock_read(CLOCK_MONOTONIC, &deadline));
    if (!add_ok(&deadline, deadline, left))
        deadline = NO_DEADLINE;
    err e = wait_on(&wait_pollers, deadline);
    return e.no == ETIMEDOUT ? OK : e;
}

/* Waits at most `left` for something to change. */
static err wait_turn(const struct poll_set *s, size_t turn, uint64_t left) {
    uint32_t fd = 0;
    uint32_t events = 0;
    uint64_t answer;
    size_t hosts;

    if (!host_item(s, turn, &hosts, &fd, &events))
        return wait_change(left);
    if (sched_has_others())
        return wait_change(min_u64(left, POLL_TURN));
    return host_poll(fd, events, hosts == 1 ? left : min_u64(left, POLL_TURN), &answer);
}

static uint64_t time_left(uint64_t start, uint64_t now, uint64_t timeout_ns) {
    uint64_t passed = now > start ? now - start : 0;

    if (timeout_ns == POLL_FOREVER)
        return POLL_FOREVER;
    return timeout_ns > passed ? timeout_ns - passed : 0;
}

err poll_wait(struct poll_set *s, uint64_t timeout_ns, size_t *ready) {
    uint64_t start = 0;
    uint64_t now = 0;

    TRY(look(s, ready));
    if (*ready > 0 || timeout_ns == 0)
        return OK;
    TRY(clock_read(CLOCK_MONOTONIC, &start));
    now = start;
    for (size_t turn = 0; *ready == 0 && time_left(start, now, timeout_ns) > 0; turn++) {
        TRY(wait_turn(s, turn, time_left(start, now, timeout_ns)));
        TRY(look(s, ready));
        TRY(clock_read(CLOCK_MONOTONIC, &now));
    }
    return OK;
}
