/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The image has one loaded segment, which begins with the ELF header, and a dynamic section that
 * gives the symbol and string tables. How many symbols there are only a hash table says: the old
 * one has the number, the GNU one the end of its last chain.
 */
#include "host/run/vdso.h"

#include "base/mem.h"

#define ELF_MAGIC   0x464c457fu
#define EH_PHOFF    32u
#define EH_PHENTNUM 56u
#define PH_SIZE     56u
#define PT_LOAD     1u
#define PT_DYNAMIC  2u
#define DT_HASH     4u
#define DT_STRTAB   5u
#define DT_SYMTAB   6u
#define DT_GNU_HASH 0x6ffffef5u
#define SYM_SIZE    24u
#define NAME_MAX    64u
#define VDSO_MAX    (1u << 20)
#define SYMBOLS_MAX 4096u

struct segment {
    uint64_t vaddr, size;
};

static bool find_segment(struct segment *out, cspan image, uint32_t type) {
    uint64_t phoff;
    uint16_t count;
    uint32_t magic, kind;

    if (!cspan_le32(&magic, image, 0) || magic != ELF_MAGIC ||
        !cspan_le64(&phoff, image, EH_PHOFF) || !cspan_le16(&count, image, EH_PHENTNUM) ||
        phoff > VDSO_MAX)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = phoff + i * PH_SIZE;
        if (!cspan_le32(&kind, image, at) || !cspan_le64(&out->vaddr, image, at + 16) ||
            !cspan_le64(&out->size, image, at + 40))
            return false;
        if (kind == type)
            return true;
    }
    return false;
}

cspan vdso_image(cspan head) {
    struct segment load;

    if (!find_segment(&load, head, PT_LOAD) || load.size > VDSO_MAX)
        return (cspan){0};
    return cspan_of(head.p, load.size);
}

struct tables {
    uint64_t symbols, strings, hash, gnu_hash; /* offsets; 0: none */
};

static bool find_tables(struct tables *t, cspan image) {
    struct segment load, dynamic;
    uint64_t tag, value;

    *t = (struct tables){0};
    if (!find_segment(&load, image, PT_LOAD) || !find_segment(&dynamic, image, PT_DYNAMIC))
        return false;
    for (uint64_t at = 0; at < min_u64(dynamic.size, VDSO_MAX); at += 16) {
        uint64_t entry = dynamic.vaddr - load.vaddr + at;
        if (dynamic.vaddr < load.vaddr || !cspan_le64(&tag, image, entry) ||
            !cspan_le64(&value, image, entry + 8) || tag == 0)
            break;
        value -= min_u64(load.vaddr, value);
        if (tag == DT_HASH)
            t->hash = value;
        else if (tag == DT_GNU_HASH)
            t->gnu_hash = value;
        else if (tag == DT_STRTAB)
            t->strings = value;
        else if (tag == DT_SYMTAB)
            t->symbols = value;
    }
    return t->symbols != 0 && t->strings != 0;
}

/* The end of the chain that begins with the highest symbol of any bucket. */
static uint32_t gnu_count(cspan table) {
    uint32_t buckets, first, bloom, last = 0, v = 0;

    if (!cspan_le32(&buckets, table, 0) || !cspan_le32(&first, table, 4) ||
        !cspan_le32(&bloom, table, 8))
        return 0;
    uint64_t chains = 16 + 8ull * bloom + 4ull * buckets;
    for (uint64_t i = 0; i < buckets; i++) {
        if (!cspan_le32(&v, table, 16 + 8ull * bloom + 4 * i))
            return 0;
        last = v > last ? v : last;
    }
    if (last < first)
        return first;
    for (; last < SYMBOLS_MAX; last++) {
        if (!cspan_le32(&v, table, chains + 4ull * (last - first)))
            return 0;
        if ((v & 1) != 0)
            return last + 1;
    }
    return 0;
}

static uint32_t symbol_count(cspan image, const struct tables *t) {
    uint32_t count = 0;
    cspan table;

    if (t->hash != 0)
        return cspan_from(&table, image, t->hash) && cspan_le32(&count, table, 4) ? count : 0;
    return t->gnu_hash != 0 && cspan_from(&table, image, t->gnu_hash) ? gnu_count(table) : 0;
}

static bool has_name(cspan image, uint64_t at, const char *name) {
    cspan there;
    size_t n = str_len(name, NAME_MAX) + 1;

    return cspan_sub(&there, image, at, n) && cspan_equal(there, cspan_of(name, n));
}

uint64_t vdso_find(cspan image, const char *name) {
    struct tables t;
    uint32_t label;
    uint16_t section;
    uint64_t value;

    if (!find_tables(&t, image) || t.strings > image.n || t.symbols > image.n)
        return 0;
    uint64_t count = min_u64(symbol_count(image, &t), SYMBOLS_MAX);
    for (uint64_t i = 1; i < count; i++) {
        uint64_t at = t.symbols + i * SYM_SIZE;
        if (!cspan_le32(&label, image, at) || !cspan_le16(&section, image, at + 6) ||
            !cspan_le64(&value, image, at + 8))
            return 0;
        if (section != 0 && value < image.n && has_name(image, t.strings + label, name))
            return value;
    }
    return 0;
}
