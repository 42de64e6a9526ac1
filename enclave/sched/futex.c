/* SPDX-License-Identifier: BSD-3-Clause
 *
 * All waiters in one list, in the order they came: with the few hundred threads of one process a
 * walk is short. It becomes a hash table by (mm, address) when there are many processes.
 */
#include "enclave/sched/futex.h"

#include "enclave/user/copy.h"

struct waiter {
    struct list_node link;
    struct task *task;
    uaddr word;
    uint32_t bitset;
};

static struct list g_waiters = LIST_INIT(g_waiters);

static bool is_word(uaddr word) {
    return is_aligned(word.va, sizeof(uint32_t));
}

err futex_wait(uaddr word, uint32_t value, uint32_t bitset, uint64_t deadline) {
    struct waiter w = {.task = task_current(), .word = word, .bitset = bitset};
    uint32_t now;

    if (!is_word(word) || bitset == 0)
        return ERR(EINVAL);
    TRY(user_get(&now, word));
    if (now != value)
        return ERR(EAGAIN);
    list_push_back(&g_waiters, &w.link);
    err e = task_block(deadline);
    if (!list_is_linked(&w.link))
        return OK; /* woken: that counts, even if the time was up as well */
    list_remove(&w.link);
    return e;
}

static void wake_waiter(struct waiter *w) {
    list_remove(&w->link);
    task_wake(w->task);
}

/* The first waiter of a word behind `at` (NULL: of all). */
static struct waiter *next_waiter(const struct waiter *at, uaddr word) {
    struct list_node *n = at == NULL ? list_first(&g_waiters) : list_next(&g_waiters, &at->link);

    for (; n != NULL; n = list_next(&g_waiters, n)) {
        struct waiter *w = CONTAINER_OF(n, struct waiter, link);
        if (w->word.va == word.va)
            return w;
    }
    return NULL;
}

uint32_t futex_wake(uaddr word, uint32_t max, uint32_t bitset) {
    struct waiter *w = next_waiter(NULL, word);
    uint32_t count = 0;

    while (w != NULL && count < max) {
        struct waiter *next = next_waiter(w, word);
        if ((w->bitset & bitset) != 0) {
            wake_waiter(w);
            count++;
        }
        w = next;
    }
    return count;
}

uint32_t futex_requeue(uaddr from, uaddr to, uint32_t wake, uint32_t move) {
    uint32_t count = futex_wake(from, wake, FUTEX_ANY_BIT);
    struct waiter *w = next_waiter(NULL, from);

    for (uint32_t moved = 0; w != NULL && moved < move && from.va != to.va; moved++) {
        struct waiter *next = next_waiter(w, from);
        w->word = to;
        count++;
        w = next;
    }
    return count;
}
