#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Whatever happens to the files of a build, a program reads right bytes, gets EIO with a line that
names block and file, or is not started at all, with a line that names what is wrong.

usage: tamper.py OCCLUM-COMMAND [FLIPS]     (TAP on standard output; the seed is fixed)
"""
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

BUSYBOX = shutil.which("busybox")
ENV = {"SGX_MODE": "SIM", "PATH": os.environ["PATH"]}
EIO_LINE = re.compile(r"block \d+")
SUM_LINE = re.compile(r"([0-9a-f]{64})  (/.*)")


def fill(image, rng):
    """Files of many sizes and depths; returns {path inside: sha256}."""
    shutil.copy(BUSYBOX, image / "bin/busybox")
    for i in range(60):
        path = image / f"data/{i % 5}/{i % 3}/file{i}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rng.randbytes(rng.choice([0, 1, 100, 4095, 4096, 4097, 20000, 70000])))
    files = [p for p in sorted((image / "data").rglob("*")) if p.is_file()]
    files.append(image / "bin/busybox")
    return {"/" + str(p.relative_to(image)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def read_all(occlum, instance, files):
    done = subprocess.run([occlum, "run", "/bin/busybox", "sha256sum", *files], cwd=instance, env=ENV,
                          capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")


def verdict(files, result):
    """None if the promise was kept, else what was wrong."""
    code, out, err = result
    if code < 0 or code == 134 or "stopped" in err:
        return f"crash (exit code {code})"
    got = {}
    for line in out.splitlines():
        if match := SUM_LINE.match(line):
            got[match[2]] = match[1]
    for name, digest in got.items():
        if files.get(name) != digest:
            return f"wrong data: {name}"
    missing = [name for name in files if name not in got]
    if not missing:
        return None
    if not got:
        named = (re.search("enclave.signed|rootfs.img|not built yet", out + err) or
                 EIO_LINE.search(err))
        return None if code != 0 and named else f"not started without a reason (exit code {code})"
    if not EIO_LINE.search(err):
        return f"{missing[0]} is missing without a line that names a block"
    unnamed = [n for n in missing if f"{n}: " not in err and f"'{n}'" not in err]
    return f"no error for {unnamed[0]}" if unnamed else None


class Test:
    def __init__(self, occlum, instance, files):
        self.occlum, self.instance, self.files = occlum, instance, files
        self.number = self.failed = 0
        self.kinds = {"right": 0, "EIO": 0, "refused": 0}

    def check(self, what):
        result = read_all(self.occlum, self.instance, self.files)
        wrong = verdict(self.files, result)
        self.number += 1
        self.failed += wrong is not None
        kind = "right" if result[0] == 0 else "EIO" if result[1] else "refused"
        self.kinds[kind] += wrong is None
        print(f"{'not ok' if wrong else 'ok'} {self.number} {what}{': ' + wrong if wrong else ''}")
        if wrong:
            for line in result[2].splitlines()[:6]:
                print(f"#   {line}")


def targets_of(build):
    return [p for p in sorted(build.rglob("*")) if p.is_file() and not p.is_symlink()]


def flip_bytes(test, build, flips, rng):
    targets = targets_of(build)
    sizes = [p.stat().st_size for p in targets]
    for _ in range(flips):
        at = rng.randrange(sum(sizes))
        index = 0
        while at >= sizes[index]:
            at -= sizes[index]
            index += 1
        bit = 1 << rng.randrange(8)
        change(targets[index], at, bit)
        test.check(f"{targets[index].name} byte {at} bit {bit:#x} flipped")
        change(targets[index], at, bit)


def change(path, at, bit):
    with open(path, "r+b") as f:
        f.seek(at)
        byte = f.read(1)[0]
        f.seek(at)
        f.write(bytes([byte ^ bit]))


def whole_files(test, build, rng):
    for path in targets_of(build):
        good = path.read_bytes()
        for what, bad in (("emptied", b""), ("cut by one byte", good[:-1]),
                          ("cut in the middle", good[:len(good) // 2]),
                          ("cut to one page", good[:4096]), ("one page longer", good + bytes(4096)),
                          ("replaced by noise", rng.randbytes(len(good)))):
            path.write_bytes(bad)
            test.check(f"{path.name} {what}")
        path.unlink()
        test.check(f"{path.name} removed")
        path.write_bytes(good)


def swapped(test, build, other):
    for path in targets_of(build):
        good = path.read_bytes()
        path.write_bytes((other / path.relative_to(build)).read_bytes())
        test.check(f"{path.name} of another build")
        path.write_bytes(good)


def make(occlum, instance, rng):
    subprocess.run([occlum, "new", instance], check=True, stdout=subprocess.DEVNULL)
    files = fill(instance / "image", rng)
    subprocess.run([occlum, "build"], cwd=instance, check=True, stdout=subprocess.DEVNULL)
    return files


def main(occlum, flips):
    rng = random.Random(2026)
    with tempfile.TemporaryDirectory() as top:
        instance, other = pathlib.Path(top) / "a", pathlib.Path(top) / "b"
        files = make(occlum, instance, rng)
        make(occlum, other, random.Random(1))
        build = instance / "build"
        test = Test(occlum, instance, files)
        print(f"1..{1 + flips + 8 * len(targets_of(build)) + 1}")
        test.check("untouched")
        flip_bytes(test, build, flips, rng)
        whole_files(test, build, rng)
        swapped(test, build, other / "build")
        test.check("untouched again")
        print("# " + ", ".join(f"{n} {kind}" for kind, n in test.kinds.items()))
    return 1 if test.failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500))
