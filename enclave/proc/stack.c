/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The picture, from high to low addresses:
 *
 *   top      8 zero bytes
 *            executable path, platform name, argument and environment strings
 *            16 random bytes
 *            (padding)
 *            auxv pairs up to AT_NULL
 *            envp pointers, NULL
 *            argv pointers, NULL
 *   sp       argc                      16-byte aligned
 *
 * Sizes are computed first, so nothing can fail while the image is written.
 */
#include "enclave/proc/stack.h"

#include "base/heap.h"
#include "base/mem.h"

#define END_MARK    8u
#define ADDED_AUXV  4u /* RANDOM, EXECFN, PLATFORM, NULL */
#define RANDOM_SIZE 16u

static const char g_platform[] = "x86_64";

struct layout {
    uint64_t path, platform, strings, random, auxv, envp, argv, sp; /* addresses */
    uint64_t size;                                                  /* top - sp */
};

/* `count` pointers to strings, at an address. */
struct pointers {
    uint64_t at, count;
};

static err layout_of(const struct stack_input *in, uint64_t top, uint64_t limit, struct layout *l) {
    uint64_t path_size = in->exec_path.n + 1;
    uint64_t text = END_MARK + path_size + sizeof(g_platform) + in->strings.bytes.n + RANDOM_SIZE;
    uint64_t words = 1 + in->strings.argc + 1 + in->strings.envc + 1;
    uint64_t pairs = in->auxv_count + ADDED_AUXV;
    uint64_t size;

    if (in->strings.bytes.n > STACK_STRINGS_MAX || in->strings.argc > STACK_COUNT_MAX ||
        in->strings.envc > STACK_COUNT_MAX || path_size > STACK_STRINGS_MAX ||
        !align_up_ok(&size, text + 8 * words + 16 * pairs, 16) || size + 16 > limit || top < size)
        return ERR(E2BIG);
    l->size = size;
    l->sp = top - size;
    l->argv = l->sp + 8;
    l->envp = l->argv + 8 * (in->strings.argc + 1);
    l->auxv = l->envp + 8 * (in->strings.envc + 1);
    l->path = top - END_MARK - path_size;
    l->platform = l->path - sizeof(g_platform);
    l->strings = l->platform - in->strings.bytes.n;
    l->random = l->strings - RANDOM_SIZE;
    return OK;
}

/* Writing never leaves the image: layout_of() made room for all of it. */
static bool put(const struct layout *l, span image, uint64_t at, cspan bytes) {
    return span_write(image, at - l->sp, bytes);
}

static bool put_u64(const struct layout *l, span image, uint64_t at, uint64_t v) {
    return span_put_le64(image, at - l->sp, v);
}

static bool put_aux(const struct layout *l, span image, uint64_t *at, struct auxv_entry e) {
    bool fits = put_u64(l, image, *at, e.type) && put_u64(l, image, *at + 8, e.value);

    *at += 16;
    return fits;
}

static bool put_auxv(const struct stack_input *in, const struct layout *l, span image) {
    const struct auxv_entry added[ADDED_AUXV] = {
        {AT_RANDOM, l->random}, {AT_EXECFN, l->path}, {AT_PLATFORM, l->platform}, {AT_NULL, 0}};
    cspan given = cspan_of(in->auxv, in->auxv_count * sizeof(struct auxv_entry));
    uint64_t at = l->auxv;
    struct auxv_entry e;
    bool fits = true;

    for (size_t i = 0; i < in->auxv_count; i++)
        fits = fits && cspan_read(SPAN_OF(e), given, i * sizeof(e)) && put_aux(l, image, &at, e);
    for (size_t i = 0; i < ADDED_AUXV; i++)
        fits = fits && put_aux(l, image, &at, added[i]);
    return fits;
}

/* Pointers to `count` strings from *pos on, and a NULL; false if a string has no NUL. */
static bool put_pointers(const struct stack_input *in, const struct layout *l, span image,
                         uint64_t *pos, struct pointers p) {
    for (uint64_t i = 0; i < p.count; i++, p.at += 8) {
        cspan rest;
        if (!cspan_from(&rest, in->strings.bytes, *pos))
            return false;
        size_t n = cspan_find(rest, 0);
        if (n == rest.n || !put_u64(l, image, p.at, l->strings + *pos))
            return false;
        *pos += n + 1;
    }
    return put_u64(l, image, p.at, 0);
}

static bool fill(const struct stack_input *in, const struct layout *l, span image) {
    uint64_t pos = 0;

    return put_u64(l, image, l->sp, in->strings.argc) &&
           put_pointers(in, l, image, &pos, (struct pointers){l->argv, in->strings.argc}) &&
           put_pointers(in, l, image, &pos, (struct pointers){l->envp, in->strings.envc}) &&
           pos == in->strings.bytes.n && put_auxv(in, l, image) &&
           put(l, image, l->random, CSPAN_OF(in->random)) &&
           put(l, image, l->strings, in->strings.bytes) &&
           put(l, image, l->platform, CSPAN_OF(g_platform)) &&
           put(l, image, l->path, in->exec_path);
}

err stack_build(const struct stack_input *in, uint64_t top, uint64_t limit, span *image,
                uaddr *sp) {
    struct layout l;

    TRY(layout_of(in, top, limit, &l));
    void *bytes OWNED(heap_free_p) = heap_alloc(l.size);
    if (bytes == NULL)
        return ERR(ENOMEM);
    if (!fill(in, &l, span_of(bytes, l.size)))
        return ERR(EINVAL);
    *image = span_of(GIVE(bytes), l.size);
    *sp = UADDR(l.sp);
    return OK;
}
