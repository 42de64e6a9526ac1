#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""All C is formatted by clang-format-19 with .clang-format; --fix formats it in place."""
import os
import subprocess
import sys

import tree

TOOL = "clang-format-19"


def run(root, *mode):
    paths = tree.files(root, ".c", ".h")
    if not paths:
        return ""
    style = "file:" + os.path.join(tree.TOP, ".clang-format")
    done = subprocess.run([TOOL, f"--style={style}", *mode, *paths], cwd=root, text=True,
                          stderr=subprocess.PIPE, check=False)
    return done.stderr


def check(root):
    """One finding a file is enough: the first."""
    first = {}
    for line in run(root, "--dry-run", "-Werror").split("\n"):
        if ": error:" in line:
            first.setdefault(line.split(":")[0], line.replace(" [-Wclang-format-violations]", ""))
    return [line + "; ./dev fmt mends it" for line in first.values()]


PLANTED = {"should be clang-formatted": ("base/a.c", "int  f( void ){return 3;}\n")}
CLEAN = {"base/ok.c": "int f(void) {\n    return 3;\n}\n"}

if __name__ == "__main__":
    if "--fix" in sys.argv[1:]:
        run(tree.TOP, "-i")
        sys.exit(0)
    tree.main(check, PLANTED, CLEAN)
