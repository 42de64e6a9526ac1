#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes seeds for tests/fuzz/elf_plan.c from programs: elf_seed.py DIRECTORY PROGRAM...
A seed is the file's size, a place (64-bit little-endian), and the file as far as the planner reads."""
import os
import struct
import sys

PLACE = 0x5500000000 & (1 << 38) - 1


def seed(path):
    data = open(path, "rb").read(65536)
    phoff, phnum = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    end = phoff + 56 * phnum
    for i in range(phnum):
        kind, _, off, _, _, size = struct.unpack_from("<IIQQQQ", data, phoff + 56 * i)
        if kind == 3:
            end = max(end, off + size)
    return struct.pack("<QQ", os.path.getsize(path), PLACE) + data[:end]


def main(directory, *programs):
    for path in programs:
        name = os.path.basename(path)
        with open(os.path.join(directory, name), "wb") as out:
            out.write(seed(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
