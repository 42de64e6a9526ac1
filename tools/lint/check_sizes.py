#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Files stay under 1,000 lines, functions under 100; each .c opens with what it is about.

clang-format puts the head of a function at column 0 and its closing brace alone at column 0, so
functions are found without a parser. --report prints medians, nesting and parameter counts, which
are watched and not enforced.
"""
import re
import statistics
import sys

import tree

FILE_LINES, FUNCTION_LINES, NESTING, PARAMETERS = 1000, 100, 3, 5
SPDX = "SPDX-License-Identifier: BSD-3-Clause"
HEAD = re.compile(r"^(?!struct\b[^()]*\{|enum\b|union\b|typedef\b|#|\s|\})(?P<head>[^;{}=]*?"
                  r"(?P<name>\w+)\((?P<args>[^;{}]*)\)[^;{}=()]*)\{\n", re.M)
GENERATED_VECTORS = "tests/vectors/"


def functions(path, text):
    """(path, line, name, lines, nesting, parameters) of every function in the file."""
    code = tree.without_comments(text, keep_strings=False)
    for match in HEAD.finditer(code):
        end = code.find("\n}", match.end() - 1)
        if end < 0:
            continue
        body = code[match.end():end]
        depth = deepest = 0
        for char in body:
            depth += (char == "{") - (char == "}")
            deepest = max(deepest, depth)
        args = match["args"].strip()
        count = 0 if args in ("", "void") else args.count(",") + 1
        line = code.count("\n", 0, match.start()) + 1
        length = code.count("\n", match.start(), end) + 2
        yield path, line, match["name"], length, deepest, count


def opening_findings(path, text):
    head = text.split("\n", 3)
    if not any(SPDX in line for line in head[:3]):
        yield f"{path}:1: the first line has no {SPDX}"
    if not path.endswith(".c"):
        return
    comment = re.match(r"\s*(?:/\*.*?\*/\s*|//[^\n]*\n\s*)+", text, re.S)
    words = re.findall(r"[A-Za-z]{2,}", (comment[0] if comment else "").replace(SPDX, ""))
    if len(words) < 3:
        yield f"{path}:1: opens without saying what it is about"


def check(root):
    found = []
    for path in tree.files(root, ".c", ".h", ".S", ".def", ".py", ".sh"):
        text = tree.read(root, path)
        lines = text.count("\n")
        if lines > FILE_LINES and not path.startswith(GENERATED_VECTORS):
            found.append(f"{path}:1: {lines} lines, a file has {FILE_LINES}")
        found += opening_findings(path, text)
        if path.endswith((".c", ".h")):
            found += [f"{path}:{line}: {name}() has {length} lines, a function has {FUNCTION_LINES}"
                      for _, line, name, length, _, _ in functions(path, text)
                      if length > FUNCTION_LINES]
    return found


def report(root):
    sources = {p: tree.read(root, p) for p in tree.files(root, ".c", ".h")}
    bodies = [f for path, text in sources.items() if path.endswith(".c")
              for f in functions(path, text)]
    lengths = sorted(f[3] for f in bodies)
    sizes = sorted(t.count("\n") for p, t in sources.items() if p.endswith(".c"))
    for what, values in (("lines of a .c file", sizes), ("lines of a function", lengths)):
        if values:
            print(f"{what}: {len(values)} of them, median {statistics.median(values):.0f}, "
                  f"p90 {values[len(values) * 9 // 10]}, most {values[-1]}")
    print("longest functions:", ", ".join(
        f"{f[0]}:{f[2]} {f[3]}" for f in sorted(bodies, key=lambda f: -f[3])[:5]))
    for at, limit, what in ((4, NESTING, "nested deeper than"), (5, PARAMETERS, "more parameters than")):
        over = [f"{f[0]}:{f[2]} ({f[at]})" for f in bodies
                if f[at] > limit and not f[0].startswith("tests/")]
        print(f"{what} {limit}: {len(over)}" + "".join("\n  " + o for o in over))


HEADER = f"/* {SPDX}\n *\n * Opens with a sentence about the file at hand.\n */\n"
LONG = "int f(int a) {\n" + "    a++;\n" * 120 + "    return a;\n}\n"
PLANTED = {
    "f() has 123 lines": ("base/a.c", HEADER + LONG),
    "1201 lines, a file": ("base/b.h", f"/* {SPDX} */\n" + "extern int x;\n" * 1200),
    "has no SPDX": ("base/c.h", "/* nothing */\nint f(void);\n"),
    "without saying": ("base/d.c", f"/* {SPDX} */\nint f(void);\n"),
}
CLEAN = {"base/ok.c": HEADER + "struct s {\n" + "    int a;\n" * 150 + "};\n\n"
                      "static int g(int a,\n             int b) {\n    return a + b;\n}\n"}

if __name__ == "__main__":
    if "--report" in sys.argv[1:]:
        report(tree.TOP)
        sys.exit(0)
    tree.main(check, PLANTED, CLEAN)
