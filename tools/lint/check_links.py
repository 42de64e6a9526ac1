#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Pages name only what is there: paths and file names in backticks, unit tests, links.

In backticks, outside of fenced blocks, of *.md and docs/**/*.md:

  base/err.h  tests/fuzz  host/sgx/{file,sigstruct}.c  tests/*/*_gate.sh   from a room on: exists
  entry.S  fs/image/block.c                             a source name: ends a path of some file
  unit-sgx_file  unit-image_*                           a unit test: tests/unit/NAME.c
  [text](cli.md)                                        a link: exists, seen from the page

Words in capitals (NAME, DIR/FILE.c) stand for something and are not looked for.
"""
import glob
import os
import re

import tree

ROOMS = (".ci", "abi", "arch", "base", "cli", "docs", "enclave", "host", "tests", "tools")
SOURCE = (".c", ".h", ".S", ".def", ".py", ".bats")
TICKED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"[\w.{},*/+-]+")
PLACEHOLDER = re.compile(r"(^|[/_.-])[A-Z]{3,}(_[A-Z]+)*([/_.-]|$)")
FENCE = re.compile(r"^```.*?^```$", re.M | re.S)


def expand(word):
    """a{b,c}d -> abd, acd."""
    braces = re.search(r"\{([^{}]*)\}", word)
    if not braces:
        return [word]
    head, tail = word[:braces.start()], word[braces.end():]
    return [whole for part in braces[1].split(",") for whole in expand(head + part + tail)]


def there(root, pattern):
    return bool(glob.glob(os.path.join(root, pattern.rstrip("/"))))


def missing(root, sources, word):
    """What of this word is not there, as a list of sentences."""
    if not PATH.fullmatch(word) or (PLACEHOLDER.search(word) and not word.endswith(".md")):
        return []
    found = []
    for path in expand(word):
        if path.startswith("unit-"):
            if not there(root, f"tests/unit/{path[5:]}.c"):
                found.append(f"`{word}`: there is no unit test tests/unit/{path[5:]}.c")
        elif "/" in path and path.split("/")[0] in ROOMS:
            if not there(root, path):
                found.append(f"`{word}`: there is no {path}")
        elif path.endswith(SOURCE) and "*" not in path:
            if not any(("/" + name).endswith("/" + path) for name in sources):
                found.append(f"`{word}`: no file is called {path}")
    return found


def pages(root):
    for path in tree.files(root, ".md"):
        if "/" not in path or path.startswith("docs/"):
            yield path


def check(root):
    found = []
    sources = tree.files(root, *SOURCE)
    for page in pages(root):
        text = FENCE.sub(lambda block: "\n" * block[0].count("\n"), tree.read(root, page))
        for number, line in enumerate(text.split("\n"), 1):
            wrong = [said for word in TICKED.findall(line) for said in missing(root, sources, word)]
            wrong += [f"link to {target}: not there" for target in LINK.findall(line)
                      if not there(root, os.path.join(os.path.dirname(page), target))]
            found += [f"{page}:{number}: {said}" for said in wrong]
    return found


PLANTED = {
    "there is no base/gone.h": ("docs/a.md", "Read `base/gone.h`.\n"),
    "there is no cli/b.c": ("README.md", "Both `cli/{a,b}.c`.\n"),
    "there is no tests/*/none_*.py": ("docs/deep/c.md", "All `tests/*/none_*.py` run.\n"),
    "no file is called lost.S": ("THREATS.md", "done: `lost.S`\n"),
    "no unit test tests/unit/x_*.c": ("T.md", "| `unit-x_*` |\n"),
    "link to gone.md": ("docs/d.md", "See [there](gone.md#here).\n"),
}
CLEAN = {
    "cli/a.c": "", "tests/unit/cli_a.c": "", "docs/e.md": "",
    "docs/f.md": "`cli/a.c`, `cli/`, `a.c`, `unit-cli_*`, `tests/unit/DIR_FILE.c`, `build/x.c y`\n"
                 "[e](e.md#part) [web](https://no.where/x) `image/` `a/b`\n```\n`base/gone.h`\n```\n",
}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
