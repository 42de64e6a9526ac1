/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The start block comes from the host, so its head is fetched first, believed only as far as it
 * was checked, and the strings are fetched by the checked size. Walking them later finds at most
 * argc + envc strings inside the copy.
 */
#include "enclave/start/args.h"

#include "abi/image/layout.h"
#include "arch/x86_64/hostmem.h"
#include "base/heap.h"
#include "base/mem.h"

err start_head_read(haddr block, struct start_block *out) {
    uint64_t end;

    if (block.va < ELRANGE_SIZE || !is_aligned(block.va, 8) ||
        !add_ok(&end, block.va, START_MAX_SIZE))
        return ERR(EFAULT);
    hostmem_get(SPAN_OF(*out), block);
    if (out->magic != START_MAGIC || out->version != START_VERSION ||
        out->total_size > START_MAX_SIZE || out->total_size < sizeof(*out) ||
        out->strings_size != out->total_size - sizeof(*out))
        return ERR(EINVAL);
    return out->argc > START_MAX_ARGS || out->envc > START_MAX_ARGS ? ERR(E2BIG) : OK;
}

/* The string at *pos, without its NUL; *pos moves behind it. False at the end. */
static bool next_string(cspan all, uint64_t *pos, cspan *out) {
    cspan rest;

    if (!cspan_from(&rest, all, *pos))
        return false;
    size_t n = cspan_find(rest, 0);
    if (n == rest.n)
        return false;
    *pos += n + 1;
    return cspan_sub(out, rest, 0, n);
}

/* Are there exactly as many strings as the head says, up to the last byte? */
static bool counts_agree(const struct start_args *a) {
    uint64_t pos = 0, found = 0;
    cspan s;

    while (next_string(a->strings, &pos, &s))
        found++;
    return found == (uint64_t)a->head.argc + a->head.envc && pos == a->strings.n;
}

err start_args_read(haddr block, struct start_args *out) {
    struct start_args a;

    TRY(start_head_read(block, &a.head));
    void *copy OWNED(heap_free_p) = heap_alloc(a.head.strings_size);
    if (copy == NULL)
        return ERR(ENOMEM);
    hostmem_get(span_of(copy, a.head.strings_size), HADDR(block.va + sizeof(a.head)));
    a.strings = cspan_of(copy, a.head.strings_size);
    if (!counts_agree(&a))
        return ERR(EINVAL);
    /* commit */
    *out = a;
    GIVE(copy);
    return OK;
}

bool start_path(const struct start_args *a, cspan *path) {
    uint64_t pos = 0;

    return a->head.argc > 0 && next_string(a->strings, &pos, path);
}

/* The strings being put together. */
struct builder {
    span room;
    size_t used;
};

static err add(struct builder *b, cspan s, size_t *count) {
    if (!span_write(b->room, b->used, s) || !span_put_u8(b->room, b->used + s.n, 0))
        return ERR(E2BIG);
    b->used += s.n + 1;
    (*count)++;
    return OK;
}

static cspan base_name(cspan path) {
    cspan name = path;

    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/') {
            if (!cspan_from(&name, path, i))
                return path;
            break;
        }
    }
    return name;
}

static cspan name_of(cspan assignment) {
    cspan name;

    if (!cspan_sub(&name, assignment, 0, cspan_find(assignment, '=')))
        return assignment;
    return name;
}

static bool is_untrusted_name(const struct config *c, cspan name) {
    cspan allowed;

    for (uint32_t i = 0; config_string(c, CONFIG_ENV_UNTRUSTED, i, &allowed); i++) {
        if (cspan_equal(allowed, name))
            return true;
    }
    return false;
}

/* The host's value of a name the configuration lets it set; the last one counts. */
static bool host_value(const struct start_args *a, const struct config *c, cspan name,
                       cspan *assignment) {
    uint64_t pos = 0;
    bool found = false;
    cspan s;

    if (!is_untrusted_name(c, name))
        return false;
    for (uint64_t i = 0; next_string(a->strings, &pos, &s); i++) {
        if (i >= a->head.argc && s.n > name.n && cspan_equal(name_of(s), name)) {
            *assignment = s;
            found = true;
        }
    }
    return found;
}

static bool has_default(const struct config *c, cspan name) {
    cspan s;

    for (uint32_t i = 0; config_string(c, CONFIG_ENV_DEFAULT, i, &s); i++) {
        if (cspan_equal(name_of(s), name))
            return true;
    }
    return false;
}

static err add_env(const struct start_args *a, const struct config *c, struct builder *b,
                   size_t *count) {
    cspan s, value;

    for (uint32_t i = 0; config_string(c, CONFIG_ENV_DEFAULT, i, &s); i++)
        TRY(add(b, host_value(a, c, name_of(s), &value) ? value : s, count));
    for (uint32_t i = 0; config_string(c, CONFIG_ENV_UNTRUSTED, i, &s); i++) {
        if (!has_default(c, s) && host_value(a, c, s, &value))
            TRY(add(b, value, count));
    }
    return OK;
}

err start_strings(const struct start_args *a, const struct config *c, struct stack_strings *out) {
    size_t size = a->strings.n + c->bytes.n;
    void *room OWNED(heap_free_p) = heap_alloc(size);
    struct builder b = {.room = span_of(room, size)};
    struct stack_strings built = {0};
    uint64_t pos = 0;
    cspan s;

    if (room == NULL)
        return ERR(ENOMEM);
    for (uint32_t i = 0; i < a->head.argc; i++) {
        if (!next_string(a->strings, &pos, &s))
            return ERR(EINVAL);
        TRY(add(&b, i == 0 ? base_name(s) : s, &built.argc));
    }
    TRY(add_env(a, c, &b, &built.envc));
    built.bytes = cspan_of(GIVE(room), b.used);
    *out = built;
    return OK;
}
