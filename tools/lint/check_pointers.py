#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Raw pointers are a matter of base/ and arch/: enclave/ neither indexes, steps nor computes them.

clang-query reads every source of the release build's compile_commands.json and applies
pointers.query. What must stay is counted per file in pointer_allow.txt, which may only shrink
(--shrink lowers it to what is in use).
"""
import collections
import concurrent.futures
import itertools
import json
import os
import re
import subprocess
import sys

import tree

ROOM = "enclave/"
QUERY = os.path.join(tree.TOP, "tools/lint/pointers.query")
ALLOW = "tools/lint/pointer_allow.txt"
HIT = re.compile(r'^(.*?):(\d+):\d+: note: "(.*)" binds here', re.M)
FAIL = re.compile(r"^.*(?:: (?:fatal )?error: .*|Error parsing .*|Error building .*|^\d+:\d+: .*)$", re.M)


def sources(root):
    """The enclave sources that are compiled, and how to say so to clang-query."""
    build = os.path.join(root, "build/release")
    database = os.path.join(build, "compile_commands.json")
    if not os.path.exists(database):
        return tree.files(os.path.join(root), ".c"), ["--", "-std=gnu17", "-I."]
    with open(database, encoding="utf-8") as f:
        entries = json.load(f)
    paths = {os.path.relpath(os.path.join(e["directory"], e["file"]), root) for e in entries}
    return sorted(p for p in paths if p.startswith(ROOM)), ["-p", build]


def query(root, paths, how):
    where = how if how[0] == "-p" else []
    flags = how if how[0] == "--" else []
    done = subprocess.run(["clang-query-19", "-f", QUERY, *where, *paths, *flags], cwd=root,
                          text=True, capture_output=True, check=False)
    return done.stdout + done.stderr


def hits(root):
    """(path, line, what) of every raw pointer use, and complaints of clang-query itself."""
    paths, how = sources(root)
    jobs = os.cpu_count() or 1
    parts = [paths[i::jobs] for i in range(jobs) if paths[i::jobs]]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        texts = list(pool.map(lambda part: query(root, part, how), parts))
    found, broken = set(), set()
    for text in texts:
        broken |= set(FAIL.findall(text))
        for path, line, what in HIT.findall(text):
            base = os.path.join(root, "build/release") if path.startswith("..") else root
            found.add((os.path.relpath(os.path.join(base, path), root), int(line), what))
    return sorted(found), sorted(broken)


def allowance(text):
    words = (line.split("#")[0].split() for line in text.split("\n"))
    return {w[0]: int(w[1]) for w in words if w}


def smallest_total(root):
    """The lowest total of any commit since the list was first filled; None without history."""
    def git(*args):
        done = subprocess.run(["git", "-c", f"safe.directory={root}", *args], cwd=root, text=True,
                              capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else ""
    commits = git("log", "--reverse", "--format=%H", "--", ALLOW).split()
    totals = [sum(allowance(git("show", f"{c}:{ALLOW}")).values()) for c in commits]
    return min(itertools.dropwhile(lambda total: total == 0, totals), default=None)


def shrink(root):
    """Lowers the list to what is in use; never raises it."""
    count = collections.Counter(hit[0] for hit in hits(root)[0])
    kept = []
    for line in tree.read(root, ALLOW).splitlines(keepends=True):
        for path, most in allowance(line).items():
            need = min(most, count[path])
            line = line.replace(f"{path} {most}", f"{path} {need}") if need else ""
        kept.append(line)
    with open(os.path.join(root, ALLOW), "w", encoding="utf-8") as f:
        f.writelines(kept)


def check(root):
    found, broken = hits(root)
    findings = [f"tools/lint/pointers.query:1: {line}" for line in broken]
    path = os.path.join(root, ALLOW)
    allow = allowance(tree.read(root, ALLOW)) if os.path.exists(path) else {}
    count = collections.Counter(hit[0] for hit in found)
    findings += [f"{p}:{line}: {what}" for p, line, what in found if count[p] > allow.get(p, 0)]
    findings += [f"{ALLOW}:1: {p} needs {count[p]}, not {n}: shrink the list"
                 for p, n in allow.items() if count[p] < n]
    least = smallest_total(root)
    if least is not None and sum(allow.values()) > least:
        findings.append(f"{ALLOW}:1: grew from {least} to {sum(allow.values())}")
    return findings


def crime(body):
    return ("enclave/mm/a.c", "struct b { int n; int t[]; };\nint f(int *p, long i, struct b *b);\n"
            "int f(int *p, long i, struct b *b) {\n    " + body + "\n}\n")


PLANTED = {
    "index of a pointer": crime("return p[i];"),
    "index of an array of unknown length": crime("return b->t[i];"),
    "pointer arithmetic": crime("return *(p + i);"),
    "pointer step": crime("return *p++;"),
    "number made a pointer": crime("p = (int *)i; return *p;"),
    "dereference of a cast": crime("return *(short *)p;"),
    "shrink the list": (ALLOW, "enclave/mm/ok.c 3 no reason\n"),
}
CLEAN = {"enclave/mm/ok.c": "struct s { unsigned n; int t[] __attribute__((counted_by(n))); };\n"
                            "int f(const struct s *s, unsigned i);\n"
                            "int f(const struct s *s, unsigned i) {\n    int a[3] = {1, 2, 3};\n"
                            "    return a[i % 3] + s->t[i];\n}\n"}

if __name__ == "__main__":
    if "--shrink" in sys.argv[1:]:
        shrink(tree.TOP)
        sys.exit(0)
    tree.main(check, PLANTED, CLEAN)
