#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Calls and keywords that this project does without, and marks of unfinished work."""
import re

import tree

# rule: (pattern over code without comments and strings, rooms it holds in, what to use instead)
BARE = ("base/", "enclave/", "arch/")
OURS = BARE + ("host/", "cli/", "tools/", "tests/unit/", "tests/lib/")
RULES = [
    (r"\b(memcpy|memmove|memset|memcmp|strlen|strn?cmp|strn?cpy|strn?cat|strchr|strdup)\s*\(",
     BARE, "use mem_* and str_* of base/mem.h, or spans"),
    (r"\b__builtin_(memcpy|memmove|memset|memcmp|strlen)\b", ("enclave/", "arch/"),
     "use mem_* of base/mem.h"),
    (r"\b(v?sprintf|strcpy|strcat|gets|atoi|atol|atoll|strtok|tmpnam|mktemp)\s*\(",
     OURS, "it cannot know the size or report an error"),
    (r"(?<![>.\w])(malloc|calloc|realloc|free|printf|fprintf|snprintf)\s*\(", BARE,
     "use base/heap.h, base/fmt.h, base/log.h"),
    (r"\b(alloca|__builtin_alloca\w*)\s*\(", OURS, "no memory of a run-time size on the stack"),
    (r"\b(setjmp|longjmp)\s*\(", BARE + ("host/", "cli/"), "no hidden jumps"),
    (r"\bsystem\s*\(", OURS, "no shell: pass an argument list to the program itself"),
    (r"^\s*(static\s+)?(inline\s+)?(long|int)\s+\w+\s*:\s*\d+\s*;", OURS, "no bit-fields"),
    (r"\b\w+\s+\w+\s*:\s*\d+\s*;", ("abi/",), "no bit-fields in bytes that cross a boundary"),
]
# base/mem.c gives the compiler the names it calls, and the twin their hosted bodies.
EXEMPT = {"base/mem.c"}
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MARK_SKIP = ("tools/lint/check_banned.py",)
GOTO_LIMIT = 1  # labels a function: one way out


def code_findings(path, text):
    code = tree.without_comments(text, keep_strings=False)
    for pattern, rooms, instead in RULES:
        if not path.startswith(rooms) or path in EXEMPT:
            continue
        for match in re.finditer(pattern, code, re.M):
            # A declaration or definition of our own function of that name is found by the linker.
            line = code.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: '{match[0].strip()}': {instead}"
    for body in re.finditer(r"^\w[^;{}]*\{\n(.*?)^\}", code, re.M | re.S):
        labels = set(re.findall(r"\bgoto\s+(\w+)", body[1]))
        if len(labels) > GOTO_LIMIT:
            line = code.count("\n", 0, body.start()) + 1
            yield f"{path}:{line}: goto to {len(labels)} labels in one function: {sorted(labels)}"


def check(root):
    found = []
    for path in tree.files(root, ".c", ".h", ".S", ".py", ".sh", ".def", ".build", ".md"):
        text = tree.read(root, path)
        if path.endswith((".c", ".h")):
            found += code_findings(path, text)
        if path.endswith(".md") or path in MARK_SKIP:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if MARKS.search(line):
                found.append(f"{path}:{number}: unfinished work goes to an issue: {line.strip()}")
    return found


MARK = "TO" + "DO"
PLANTED = {
    "'memcpy('": ("enclave/mm/a.c", "void f(void) {\n    memcpy(a, b, 3);\n}\n"),
    "'__builtin_memset'": ("enclave/mm/b.c", "void f(void) {\n    __builtin_memset(a, 0, 3);\n}\n"),
    "'sprintf('": ("cli/c.c", 'void f(void) {\n    sprintf(a, "%d", 3);\n}\n'),
    "'alloca('": ("host/d.c", "void f(void) {\n    p = alloca(n);\n}\n"),
    "'system('": ("cli/e.c", 'void f(void) {\n    system("rm");\n}\n'),
    "goto to 2 labels": ("base/g.c", "void f(void) {\n    goto a;\n    goto b;\n}\n"),
    "unfinished work": ("base/h.c", f"/* {MARK}: locking */\n"),
    "bit-fields in bytes": ("abi/host/i.h", "struct s {\n    uint32_t a : 3;\n};\n"),
}
CLEAN = {
    "base/ok.c": '/* memcpy( is not called */\nvoid f(void) {\n    mem_copy(a, b, 3);\n'
                 '    log_err("mm", "memcpy(");\n}\n',
}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
