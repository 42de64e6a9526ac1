#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the negative tests prove holds for what ships: both are compiled with the same flags.

Every C object of the enclave in build/release/compile_commands.json has every -f, -m and -W flag
of build/release/enclave_args.txt, and takes none of them back with a later flag.
"""
import json
import os
import shlex

import tree

BUILD = "build/release"
ENCLAVE_OBJECTS = ("enclave/libos.elf.p/", "base/libsha256_ni_enclave.a.p/")
# Vector code cannot be without vector registers; it is called between vec_begin and vec_end only.
MAY_LACK = {"_ni.c": {"-mgeneral-regs-only"}}


def takes_back(flag, wanted):
    """Does `flag` turn off what one of the `wanted` flags turned on?"""
    for prefix in ("-fno-", "-mno-", "-Wno-"):
        if flag.startswith(prefix) and flag not in wanted:
            on = prefix[:2] + flag[len(prefix):]
            if on in wanted or any(w.split("=")[0] == on.split("=")[0] for w in wanted):
                return True
    return False


def entry_findings(entry, wanted):
    args = entry.get("arguments") or shlex.split(entry["command"])
    source = entry["file"].replace("../", "")
    spared = set().union(*(flags for end, flags in MAY_LACK.items() if source.endswith(end)))
    for flag in sorted(wanted - set(args) - spared):
        yield f"{source}:1: is compiled for the enclave without {flag}"
    for flag in args:
        if takes_back(flag, wanted):
            yield f"{source}:1: is compiled for the enclave with {flag}"


def check(root):
    with open(os.path.join(root, BUILD, "enclave_args.txt"), encoding="utf-8") as f:
        wanted = {w for w in f.read().split() if w.startswith(("-f", "-m", "-W")) and w != "-fPIE"}
    with open(os.path.join(root, BUILD, "compile_commands.json"), encoding="utf-8") as f:
        entries = [e for e in json.load(f) if e["output"].startswith(ENCLAVE_OBJECTS)
                   and e["file"].endswith(".c")]
    if not entries:
        return [f"{BUILD}/compile_commands.json:1: no object of the enclave is compiled"]
    return [finding for entry in entries for finding in entry_findings(entry, wanted)]


def database(output, args):
    return json.dumps([{"directory": ".", "file": "../../enclave/mm/a.c", "output": output,
                        "command": "clang-19 " + args}])


OBJECT = "enclave/libos.elf.p/mm_a.c.o"
COMMANDS = BUILD + "/compile_commands.json"
PLANTED = {
    "without -fsanitize=kcfi": (COMMANDS, database(OBJECT, "-Wall -fsanitize=bounds")),
    "with -fno-sanitize=bounds": (COMMANDS, database(
        OBJECT, "-Wall -fsanitize=bounds -fsanitize=kcfi -fno-sanitize=bounds")),
    "no object": (COMMANDS, database("tests/libtwin.a.p/a.o", "-Wall")),
}
CLEAN = {
    BUILD + "/enclave_args.txt": "clang-19\n-Wall\n-fsanitize=bounds\n-fsanitize=kcfi\n",
    COMMANDS: database(OBJECT, "-O2 -Wall -fsanitize=bounds -fsanitize=kcfi"),
}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
