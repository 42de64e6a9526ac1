/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Names for the compiler attributes this project relies on. Both supported compilers
 * (clang-19, gcc-12) accept every line here; a feature only one of them has expands to nothing
 * on the other, and a negative test shows that it is on in the release build.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST         __attribute__((warn_unused_result))
#define NORETURN     __attribute__((noreturn))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define OWNED(fini)  __attribute__((cleanup(fini)))
#define ALIGNED(n)   __attribute__((aligned(n)))
#define PACKED       __attribute__((packed))
#define UNUSED       __attribute__((unused))
#define SEALED       __attribute__((section(".data.sealed")))
/* The result is new memory of as many bytes as argument n says. */
#define ALLOCATES(n)       __attribute__((malloc, alloc_size(n)))
#define FALLTHROUGH        __attribute__((fallthrough))
#define NO_STACK_PROTECTOR __attribute__((no_stack_protector))

/* Intended wrap-around is spelled by the wrap_* functions of num.h; nothing else may wrap. */
#if defined(__clang__)
#define NO_SANITIZE_WRAP __attribute__((no_sanitize("unsigned-integer-overflow")))
#define COUNTED_BY(m)    __attribute__((counted_by(m)))
#define TYPE_MUST        __attribute__((warn_unused_result))
#else
#define NO_SANITIZE_WRAP
#define COUNTED_BY(m)
#define TYPE_MUST
#endif

/* Hands an owned local over to its next owner: the local is left NULL, so its cleanup does
 * nothing. */
#define GIVE(p)                                                                                    \
    ({                                                                                             \
        __typeof__(p) given_ = (p);                                                                \
        (p) = NULL;                                                                                \
        given_;                                                                                    \
    })

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The object that holds `member`; the compiler checks that `ptr` really points to that type. */
#define CONTAINER_OF(ptr, type, member)                                                            \
    ({                                                                                             \
        __typeof__(((type *)0)->member) *member_ = (ptr);                                          \
        (type *)((uintptr_t)member_ - offsetof(type, member));                                     \
    })

#endif
