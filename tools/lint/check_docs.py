#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The pages of docs/ that are made from tables say what the tables say."""
import os
import subprocess
import sys

import tree

GENERATORS = [
    # what is needed, and the command that checks its pages
    ("abi/linux/syscalls.def", ["syscalls_doc.py", "{root}/abi/linux/syscalls.def",
                                "{root}/docs/syscalls.md", "--check"]),
    ("cli/verbs.def", ["cli_doc.py", "--check", "{root}"]),
]


def check(root):
    found = []
    for source, command in GENERATORS:
        if not os.path.exists(os.path.join(root, source)):
            continue
        script = os.path.join(tree.TOP, "tools/gen", command[0])
        done = subprocess.run([sys.executable, script] + [c.format(root=root) for c in command[1:]],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).strip().split("\n")[-1]
            found.append(f"{source}:1: {said}")
    return found


VERBS = 'V(run, LIGHT, "PATH", "start a program")\n'
KEYS = 'SECTION(root, "", "")\nKEY(root, entry_points, PATHS, 1, 256, "Where.", ["/bin"])\n'
CLI_PAGE = """# CLI

## Sub-commands

### `occlum run PATH`

Start a program.

## Not in this version yet
"""
CONFIG_PAGE = """# Config

## The outermost object

| key | type | from, to | default | meaning |
|---|---|---|---|---|
| `entry_points` | list of paths | 1 to 256 elements | `["/bin"]` | Where. |
"""
PLANTED = {
    "docs/cli.md is out of date": ("cli/verbs.def", VERBS.replace("start", "stop")),
    "docs/config.md is out of date": ("cli/config/config.def", KEYS.replace("256", "99")),
}
CLEAN = {
    "cli/verbs.def": VERBS,
    "cli/config/config.def": KEYS,
    "docs/cli.md.in": "# CLI\n",
    "docs/cli.md": CLI_PAGE,
    "docs/config.md.in": "# Config\n",
    "docs/config.md": CONFIG_PAGE,
}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
