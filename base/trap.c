/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Names of traps. The kinds below 0x60 are clang 19's numbers of its UBSan checks, in the order in
 * which clang lists them; tests/unit/base_trap.c compiles checks and compares. `ud2` comes from
 * kCFI, where the indirect call it guards follows at once, or from gcc's sanitizer.
 */
#include "base/trap.h"

#include "base/mem.h"

static const char *const g_compiler_kinds[] = {
    [0x00] = "signed add overflow",
    [0x01] = "unreachable",
    [0x02] = "cfi",
    [0x03] = "division",
    [0x04] = "dynamic type",
    [0x05] = "float cast overflow",
    [0x06] = "function type",
    [0x07] = "implicit conversion",
    [0x08] = "builtin argument",
    [0x09] = "object cast",
    [0x0a] = "invalid bool or enum",
    [0x0b] = "missing return",
    [0x0c] = "signed multiply overflow",
    [0x0d] = "signed negate overflow",
    [0x0e] = "null argument",
    [0x0f] = "null result",
    [0x10] = "null argument",
    [0x11] = "null result",
    [0x12] = "bounds",
    [0x13] = "pointer overflow",
    [0x14] = "shift",
    [0x15] = "signed subtract overflow",
    [0x16] = "null or object size",
    [0x17] = "alignment assumption",
    [0x18] = "array size",
    [0x19] = "bounds",
};

static const char *const g_own_kinds[] = {
    [TRAP_CHECK - TRAP_CHECK] = "check",
    [TRAP_STACK_GUARD - TRAP_CHECK] = "stack guard",
    [TRAP_DOUBLE_FREE - TRAP_CHECK] = "double free",
    [TRAP_BAD_FREE - TRAP_CHECK] = "bad free",
    [TRAP_FREED_WRITE - TRAP_CHECK] = "write after free",
    [TRAP_GUARD_WRITE - TRAP_CHECK] = "write behind block",
    [TRAP_REF - TRAP_CHECK] = "reference count",
    [TRAP_STALE_HANDLE - TRAP_CHECK] = "stale handle",
    [TRAP_UNREACHABLE - TRAP_CHECK] = "unreachable",
    [TRAP_LIST - TRAP_CHECK] = "list links",
};

static const char *kind_name(uint8_t kind) {
    if (kind < COUNT_OF(g_compiler_kinds))
        return g_compiler_kinds[kind];
    if (kind >= TRAP_CHECK && kind - TRAP_CHECK < (int)COUNT_OF(g_own_kinds))
        return g_own_kinds[kind - TRAP_CHECK];
    return NULL;
}

/* call or jmp through a register: ff d0+r, ff e0+r, with a 41 prefix for r8 to r15. */
static bool is_indirect_call(const uint8_t insn[3]) {
    unsigned skip = insn[0] == 0x41 ? 1 : 0;
    uint8_t what = insn[skip + 1] & 0xf8;

    return insn[skip] == 0xff && (what == 0xd0 || what == 0xe0);
}

const char *trap_name(const uint8_t insn[5]) {
    static const uint8_t ud1[] = {0x67, 0x0f, 0xb9};
    static const uint8_t ud2[] = {0x0f, 0x0b};

    if (mem_equal(insn, ud2, sizeof(ud2)))
        return is_indirect_call(&insn[2]) ? "kcfi" : "undefined behaviour";
    if (!mem_equal(insn, ud1, sizeof(ud1)))
        return NULL;
    /* Kind 0 needs no displacement, so its operand byte has another form. */
    if (insn[3] == 0x00)
        return kind_name(0);
    return insn[3] == 0x40 ? kind_name(insn[4]) : NULL;
}

#ifndef TWIN
/* Compilers call it where a function finds its canary changed; a hosted build has libc's. */
NORETURN void __stack_chk_fail(void);

NORETURN void __stack_chk_fail(void) {
    trap(TRAP_STACK_GUARD);
}
#endif
