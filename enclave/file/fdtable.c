/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A bitmap of used numbers beside the array of files, so that the lowest free number is found 64
 * at a time. The table has its full size from the start: 8 KiB buy a lookup without growth.
 */
#include "enclave/file/fdtable.h"

#include "base/heap.h"
#include "base/trap.h"

#define WORDS (FD_LIMIT / 64)

struct fdtable {
    uint64_t used[WORDS], cloexec[WORDS];
    struct file *files[FD_LIMIT]; /* counted */
};

static uint64_t bit_of(int no) {
    return (uint64_t)1 << ((unsigned)no % 64);
}

static void bit_set(uint64_t *map, int no, bool on) {
    if (on)
        map[no / 64] |= bit_of(no);
    else
        map[no / 64] &= ~bit_of(no);
}

static bool is_open(const struct fdtable *t, fd_t fd) {
    return fd.no >= 0 && fd.no < FD_LIMIT && (t->used[fd.no / 64] & bit_of(fd.no)) != 0;
}

/* The first number >= from whose bit in `map`, after xor with flip, is set; -1 if none. */
static int find_bit(const uint64_t *map, int from, uint64_t flip) {
    for (int word = from / 64; word < WORDS; word++) {
        uint64_t bits = map[word] ^ flip;

        if (word == from / 64)
            bits &= UINT64_MAX << ((unsigned)from % 64);
        if (bits != 0)
            return word * 64 + __builtin_ctzll(bits);
    }
    return -1;
}

static void fill_slot(struct fdtable *t, int no, struct file *f, bool cloexec) {
    t->files[no] = file_get(f);
    bit_set(t->used, no, true);
    bit_set(t->cloexec, no, cloexec);
}

static void empty_slot(struct fdtable *t, int no) {
    struct file *f = t->files[no];

    t->files[no] = NULL;
    bit_set(t->used, no, false);
    bit_set(t->cloexec, no, false);
    file_put(f);
}

err fdtable_new(struct fdtable **out) {
    struct fdtable *t = NEW(struct fdtable);

    if (t == NULL)
        return ERR(ENOMEM);
    *out = t;
    return OK;
}

void fdtable_free(struct fdtable *t) {
    if (t == NULL)
        return;
    for (int no = fd_next(t, 0); no >= 0; no = fd_next(t, no + 1))
        empty_slot(t, no);
    heap_free(t);
}

void fdtable_exec(struct fdtable *t) {
    for (int no = fd_next(t, 0); no >= 0; no = fd_next(t, no + 1)) {
        if ((t->cloexec[no / 64] & bit_of(no)) != 0)
            empty_slot(t, no);
    }
}

err fd_lookup(struct fdtable *t, fd_t fd, struct file **out) {
    if (!is_open(t, fd))
        return ERR(EBADF);
    *out = file_get(t->files[fd.no]);
    return OK;
}

err fd_install(struct fdtable *t, struct file *f, int least, bool cloexec, int *out) {
    int no;

    if (least < 0 || least >= FD_LIMIT)
        return ERR(EINVAL);
    no = find_bit(t->used, least, UINT64_MAX);
    if (no < 0)
        return ERR(EMFILE);
    fill_slot(t, no, f, cloexec);
    *out = no;
    return OK;
}

err fd_replace(struct fdtable *t, fd_t fd, struct file *f, bool cloexec) {
    struct file *keep;

    if (fd.no < 0 || fd.no >= FD_LIMIT)
        return ERR(EBADF);
    keep = file_get(f); /* it may be the very file that the slot closes */
    if (is_open(t, fd))
        empty_slot(t, fd.no);
    fill_slot(t, fd.no, keep, cloexec);
    file_put(keep);
    return OK;
}

err fd_close(struct fdtable *t, fd_t fd) {
    if (!is_open(t, fd))
        return ERR(EBADF);
    empty_slot(t, fd.no);
    return OK;
}

err fd_cloexec(struct fdtable *t, fd_t fd, bool *out) {
    if (!is_open(t, fd))
        return ERR(EBADF);
    *out = (t->cloexec[fd.no / 64] & bit_of(fd.no)) != 0;
    return OK;
}

err fd_set_cloexec(struct fdtable *t, fd_t fd, bool on) {
    if (!is_open(t, fd))
        return ERR(EBADF);
    bit_set(t->cloexec, fd.no, on);
    return OK;
}

int fd_next(struct fdtable *t, int from) {
    return from >= FD_LIMIT ? -1 : find_bit(t->used, from, 0);
}
