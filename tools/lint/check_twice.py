#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""No list is written twice: system calls, host calls, errno names, config keys, CLI verbs.

A table is a run of more than five entries on neighbouring lines, an entry being a macro line
`E(NAME, ...)`, an initialiser `{"name", ...}` or `"name",`, a designated `[NAME] =`, or a `case`
label of a call's number. Two tables that share more than five names are one list written twice;
tables of one .def file may name each other.
"""
import re

import tree

RUN = 6      # entries that make a table
SHARED = 6   # common names that make two tables the same list
GAP = 2      # lines without an entry that do not end a run
ENTRY = re.compile(
    r'^\s*(?:[A-Z][A-Z0-9_]*\(\s*(?:\d+\s*,\s*)?"?(?P<macro>[A-Za-z_]\w*)"?\s*[,)](?!.*;\s*$)'
    r'|\{\s*"(?P<brace>[\w.\-]+)"'
    r'|"(?P<string>[\w.\-]+)"\s*[,:]'
    r'|\[(?P<index>[A-Za-z_]\w*)\]\s*='
    r'|case\s+(?P<case>(?:SYS|NR|__NR|HC)_\w+)\s*:)')
PREFIX = re.compile(r"^(sys|nr|hc|host|cfg|verb|e|__nr)_", re.I)


def entry(line):
    match = ENTRY.match(line)
    if not match:
        return None
    name = next(g for g in match.groups() if g)
    return PREFIX.sub("", name).lower()


def tables(path, text):
    """(path, line, names) of each table in the file."""
    names, start, last = set(), 0, 0
    for number, line in enumerate(text.split("\n") + [""] * (GAP + 1), 1):
        name = entry(line)
        if names and number - last > GAP:
            if len(names) >= RUN:
                yield path, start, names
            names = set()
        if name:
            start = start if names else number
            names.add(name)
            last = number
    if len(names) >= RUN:
        yield path, start, names


def check(root):
    seen, found = [], []
    for path in tree.files(root, ".c", ".h", ".def", ".py", ".txt"):
        text = tree.read(root, path)
        if path.endswith((".c", ".h", ".def")):
            text = tree.without_comments(text)
        for table in tables(path, text):
            for other in (o for o in seen if o[0] != path or not path.endswith(".def")):
                shared = table[2] & other[2]
                if len(shared) >= SHARED:
                    some = ", ".join(sorted(shared)[:6])
                    found.append(f"{table[0]}:{table[1]}: lists again what {other[0]}:{other[1]} "
                                 f"lists ({len(shared)} names: {some})")
            seen.append(table)
    return found


CALLS = ["read", "write", "openat", "close", "fstat", "lseek", "mmap"]
DEF = "".join(f"S3({n}, {name}, fd_t, fd)\n" for n, name in enumerate(CALLS))
PLANTED = {
    "a.c:2: lists again what": ("host/a.c", "const char *const g_names[] = {\n" +
                                "".join(f'    "{name}",\n' for name in CALLS) + "};\n"),
    "b.c:2: lists again what": ("host/b.c", "static const int g_x[] = {\n" +
                                "".join(f"    [NR_{name}] = 1,\n" for name in CALLS) + "};\n"),
    "c.c:3: lists again what": ("host/c.c", "int f(int nr) {\n    switch (nr) {\n" +
                                "".join(f"    case SYS_{name}:\n" for name in CALLS) + "    }\n}\n"),
}
CLEAN = {
    "abi/linux/syscalls.def": DEF,
    "host/ok.c": "void f(void) {\n" + "".join(f"    {name}(fd);\n" for name in CALLS) +
                 '    const char *x[] = {\n        "read",\n        "other",\n    };\n}\n',
}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
