#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Shell scripts pass `sh -n` and shellcheck; python compiles; a tool has 200 lines."""
import os
import subprocess

import tree

PYTHON_LINES = 200


def shell_scripts(root):
    """Everything whose first line names a shell, or that says which shell it is written for."""
    for path in tree.files(root, ""):
        if path.endswith((".c", ".h", ".S", ".py", ".md", ".json", ".pem", ".bin", ".bats")):
            continue
        with open(os.path.join(root, path), "rb") as f:
            head = f.read(200)
        if head.startswith((b"#!/bin/sh", b"#!/usr/bin/env bash", b"#!/bin/bash")) or \
                b"# shellcheck shell=sh" in head or path.endswith(".sh"):
            yield path


def check_shell(root, path):
    syntax = subprocess.run(["sh", "-n", path], cwd=root, capture_output=True, text=True,
                            check=False)
    if syntax.returncode:
        return [f"{path}:1: sh -n: {syntax.stderr.strip()}"]
    # SC1091, SC1090: it need not follow files that are sourced; SC2034, SC2154: their variables.
    done = subprocess.run(["shellcheck", "-f", "gcc", "-S", "warning", "-s", "sh", "-e",
                           "SC1090,SC1091,SC2034,SC2154", path], cwd=root, capture_output=True,
                          text=True, check=False)
    return done.stdout.splitlines()


def check(root):
    found = []
    for path in shell_scripts(root):
        found += check_shell(root, path)
    for path in tree.files(root, ".py"):
        text = tree.read(root, path)
        try:
            compile(text, path, "exec")
        except SyntaxError as error:
            found.append(f"{path}:{error.lineno}: {error.msg}")
        if path.startswith("tools/") and text.count("\n") > PYTHON_LINES:
            found.append(f"{path}:1: {text.count(chr(10))} lines, a script has {PYTHON_LINES}")
    return found


PLANTED = {
    "sh -n": ("tools/a.sh", "#!/bin/sh\nif true; then\n"),
    "SC2": ("tools/b", "#!/bin/sh\nrm -rf $1/*\ncd $2\n"),
    "invalid syntax": ("tools/c.py", "def f(:\n"),
    "lines, a script has": ("tools/d.py", "x = 1\n" * 201),
}
CLEAN = {"tools/ok.sh": '#!/bin/sh\nset -eu\ncd "$1" || exit 1\n', "tools/ok.py": "x = 1\n"}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
