# SPDX-License-Identifier: BSD-3-Clause
"""What the lints share: the files of the tree, C text without comments, and the self-test.

A lint is a function check(root) that returns findings, "path:line: message" strings, and a
dictionary of planted files, each of which must give a finding that contains its key's text.
"""
import os
import re
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIP_DIRS = {".git", "build", "__pycache__", "corpus"}


def files(root, *suffixes):
    """Relative paths of the tree's files with one of the suffixes, sorted."""
    found = []
    for where, dirs, names in os.walk(root):
        dirs[:] = sorted(d for d in dirs if d not in SKIP_DIRS)
        for name in names:
            path = os.path.relpath(os.path.join(where, name), root)
            if name.endswith(suffixes):
                found.append(path)
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read()


def without_comments(text, keep_strings=True):
    """The same text with comments (and string contents) blanked; lines keep their numbers."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        found = match[0]
        if found[0] in "\"'":
            return found if keep_strings else found[0] + found[0]
        return re.sub(r"[^\n]", " ", found)

    return token.sub(blank, text)


def self_test(check, planted, clean):
    """Each planted file alone must be found; the clean ones together must pass."""
    bad = []
    for wanted, (path, text) in planted.items():
        with tempfile.TemporaryDirectory() as root:
            plant(root, clean)
            plant(root, {path: text})
            found = check(root)
            if not any(wanted in finding for finding in found):
                bad.append(f"planted {path!r}: no finding says {wanted!r}; got {found}")
    with tempfile.TemporaryDirectory() as root:
        plant(root, clean)
        bad += [f"false alarm in clean tree: {finding}" for finding in check(root)]
    return bad


def plant(root, tree):
    for path, text in tree.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)


def main(check, planted, clean):
    """Runs the lint over the checkout, or with --self-test over its planted violations."""
    testing = "--self-test" in sys.argv[1:]
    found = self_test(check, planted, clean) if testing else check(TOP)
    for finding in found:
        print(finding)
    name = os.path.basename(sys.argv[0])
    if not testing:
        print(f"{name}: {len(found)} findings")
    sys.exit(1 if found else 0)
