/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A spinlock for short sections that neither sleep, copy from the program nor call the host: the
 * leaf of the lock order, only another spinlock may be taken under it and only where its header
 * says so. All zero is unlocked. The words behind the declarations below (GUARDED_BY, REQUIRES,
 * ...) are checked by clang's -Wthread-safety.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "base/compiler.h"

#if defined(__clang__)
#define CAPABILITY(name) __attribute__((capability(name)))
#define GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define REQUIRES(...)    __attribute__((requires_capability(__VA_ARGS__)))
#define EXCLUDES(...)    __attribute__((locks_excluded(__VA_ARGS__)))
#define ACQUIRE(...)     __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...)     __attribute__((release_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define NO_LOCK_CHECK    __attribute__((no_thread_safety_analysis))
#else
#define CAPABILITY(name)
#define GUARDED_BY(lock)
#define REQUIRES(...)
#define EXCLUDES(...)
#define ACQUIRE(...)
#define RELEASE(...)
#define TRY_ACQUIRE(...)
#define NO_LOCK_CHECK
#endif

struct CAPABILITY("spinlock") spinlock {
    uint32_t taken;
};

#define SPINLOCK_INIT {0}

NO_LOCK_CHECK MUST static inline bool spin_trylock(struct spinlock *l) TRY_ACQUIRE(true, *l);
NO_LOCK_CHECK static inline void spin_lock(struct spinlock *l) ACQUIRE(*l);
NO_LOCK_CHECK static inline void spin_unlock(struct spinlock *l) RELEASE(*l);

static inline bool spin_trylock(struct spinlock *l) {
    return __atomic_exchange_n(&l->taken, 1, __ATOMIC_ACQUIRE) == 0;
}

/* Waits by reading, so that waiters don't pull the cache line from the owner. */
static inline void spin_lock(struct spinlock *l) {
    while (!spin_trylock(l)) {
        while (__atomic_load_n(&l->taken, __ATOMIC_RELAXED) != 0)
            __builtin_ia32_pause();
    }
}

static inline void spin_unlock(struct spinlock *l) {
    __atomic_store_n(&l->taken, 0, __ATOMIC_RELEASE);
}

static inline bool spin_is_locked(const struct spinlock *l) {
    return __atomic_load_n(&l->taken, __ATOMIC_RELAXED) != 0;
}

#endif
