/* SPDX-License-Identifier: BSD-3-Clause
 *
 * In a twin built with AddressSanitizer the heap tells it which of its bytes are nobody's, so a
 * read of freed memory is reported where it happens. Everywhere else these do nothing.
 */
#ifndef BASE_ASAN_H
#define BASE_ASAN_H

#include "base/compiler.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#endif

#ifdef HAS_ASAN
void __asan_poison_memory_region(void const volatile *p, size_t n);
void __asan_unpoison_memory_region(void const volatile *p, size_t n);

static inline void asan_poison(const void *p, size_t n) {
    __asan_poison_memory_region(p, n);
}

static inline void asan_unpoison(const void *p, size_t n) {
    __asan_unpoison_memory_region(p, n);
}
#else
static inline void asan_poison(const void *p, size_t n) {
    (void)p;
    (void)n;
}

static inline void asan_unpoison(const void *p, size_t n) {
    (void)p;
    (void)n;
}
#endif

#endif
