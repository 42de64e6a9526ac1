#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Includes go only downward: the rule is the card tools/lint/layers.txt."""
import os
import re

import tree

CARD = os.path.join(tree.TOP, "tools/lint/layers.txt")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)
# The compiler's own headers: all that enclave/, base/, arch/ and abi/ may take from outside.
FREESTANDING = {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h"}
BARE_ROOMS = ("abi", "base", "arch", "enclave")


def card():
    rooms = {}
    with open(CARD, encoding="utf-8") as lines:
        for line in lines:
            words = line.split("#")[0].split()
            if words:
                rooms[words[1]] = (int(words[0]), words[2:])
    return rooms


def inside(path, room):
    return path == room or path.startswith(room + "/")


def room_of(rooms, path):
    return max((r for r in rooms if inside(path, r)), key=len, default=None)


def why_not(rooms, room, target, bracket):
    """The reason why a file of `room` may not include `target`, or None."""
    if bracket == "<":
        hosted = room.split("/")[0] not in BARE_ROOMS
        return None if hosted or target in FREESTANDING else "a libc header in enclave code"
    if "/" not in target:
        return None  # generated from a .def table, e.g. errno_gen.h
    their = room_of(rooms, target)
    if their is None:
        return "no room of that name on the card"
    level, forbidden = rooms[room]
    if any(inside(target, f) for f in forbidden) and not inside(target, room):
        return "the card says not"
    if rooms[their][0] > level:
        return f"{their} lies above {room}"
    if room.startswith("enclave") and their in ("host", "cli", "tools", "tests"):
        return "the untrusted side"
    return None


def check(root):
    rooms = card()
    found = []
    for path in tree.files(root, ".c", ".h", ".S"):
        room = room_of(rooms, path)
        if room is None:
            found.append(f"{path}:1: lies in no room of tools/lint/layers.txt")
            continue
        text = tree.without_comments(tree.read(root, path))
        for match in INCLUDE.finditer(text):
            reason = why_not(rooms, room, match[2], match[1])
            if reason:
                line = text.count("\n", 0, match.start(2)) + 1
                found.append(f"{path}:{line}: includes {match[2]}: {reason}")
    return found


PLANTED = {
    "base lies above abi": ("abi/linux/x.h", '#include "base/err.h"\n'),
    "enclave/sys lies above": ("enclave/fs/tmp/a.c", '#include "enclave/sys/sys.h"\n'),
    "enclave/proc/p.h: the card": ("enclave/fs/tmp/b.c", '#include "enclave/proc/p.h"\n'),
    "the untrusted side": ("enclave/mm/c.c", '#include "host/ring.h"\n'),
    "enclave/host/call.h: the card": ("host/d.c", '#include "enclave/host/call.h"\n'),
    "base/heap.h: the card": ("cli/e.c", '#include "base/heap.h"\n'),
    "a libc header": ("enclave/mm/f.c", "#include <string.h>\n"),
    "lies in no room": ("util/g.c", ""),
}
CLEAN = {
    "enclave/fs/tmp/ok.c": '#include "base/span.h"\n#include "enclave/file/file.h"\n'
                           '#include "errno_gen.h"\n#include <stdint.h>\n',
    "host/ok.c": '#include "abi/host/host.h"\n#include "base/span.h"\n#include <stdio.h>\n',
    "base/ok.c": '/* #include <stdio.h> */\n',
}

if __name__ == "__main__":
    tree.main(check, PLANTED, CLEAN)
