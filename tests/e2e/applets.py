#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Busybox applets inside the enclave print what they print natively. The oracle runs live.

usage: applets.py OCCLUM-COMMAND     (TAP on standard output)
"""
import os
import pathlib
import random
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUSYBOX = shutil.which("busybox")
MODES = ("SIM", "EMU")
WORDS = "banana apple cherry date elderberry fig grape apple mango banana kiwi lemon orange".split()


def fill(data):
    """The files the commands work on; the same bytes every time."""
    rng = random.Random(7)
    (data / "d").mkdir(parents=True)
    (data / "words.txt").write_text("\n".join(WORDS) + "\n")
    (data / "d/words.txt").write_text("\n".join(WORDS) + "\n")
    (data / "sorted.txt").write_text("\n".join(sorted(WORDS)) + "\n")
    (data / "numbers.txt").write_text("".join(f"{rng.randrange(1000)}\n" for _ in range(13)))
    (data / "table.csv").write_text("".join(f"r{i},{i * i},{i % 7}\n" for i in range(200)))
    text = " ".join(rng.choice(WORDS) for _ in range(20000)) + "\n"
    (data / "text.txt").write_text(text)
    (data / "tabs.txt").write_text("a\tb\tc\n\tx\n")
    (data / "spaces.txt").write_text("a       b       c\n        x\n")
    (data / "random.bin").write_bytes(rng.randbytes(300000))
    (data / "small.bin").write_bytes(rng.randbytes(77))
    (data / "sum.bc").write_text("scale=20; 2^100; 1/7; sqrt(2)\n")
    (data / "link").symlink_to("d/words.txt")
    for tool, name in (("gzip -n", "gz"), ("bzip2", "bz2"), ("xz", "xz")):
        with open(data / f"text.{name}", "wb") as out:
            subprocess.run([*tool.split(), "-c", data / "text.txt"], stdout=out, check=True)
    subprocess.run([BUSYBOX, "tar", "cf", "files.tar", "d"], cwd=data, check=True)
    with open(data / "files.cpio", "wb") as out:
        subprocess.run([BUSYBOX, "cpio", "-o", "-H", "newc"], input=b"d\nd/words.txt\n", cwd=data,
                       stdout=out, stderr=subprocess.DEVNULL, check=True)
    shutil.make_archive(str(data / "files"), "zip", data / "d")
    for path in [data, *data.rglob("*")]:
        os.utime(path, (1700000000, 1700000000), follow_symlinks=False)


def command(line):
    """(arguments, standard input file or None) of one line of applets.txt."""
    words = shlex.split(line)
    if len(words) > 2 and words[-2] == "<":
        return words[:-2], words[-1]
    return words, None


def run(argv, cwd, stdin, env):
    with open(stdin, "rb") if stdin else open(os.devnull, "rb") as source:
        done = subprocess.run(argv, cwd=cwd, stdin=source, capture_output=True, timeout=60, env=env)
    return done.returncode, done.stdout, done.stderr


def same(native, inside):
    return (native[0], native[1], native[2]) == (inside[0], inside[1], inside[2])


def show(what, result):
    for name, value in zip(("exit code", "stdout", "stderr"), result):
        print(f"#   {what} {name}: {value[:300] if isinstance(value, bytes) else value!r}")


def main(occlum):
    lines = [l.strip() for l in open(HERE / "applets.txt", encoding="utf-8")]
    lines = [l for l in lines if l and not l.startswith("#")]
    failed = 0
    with tempfile.TemporaryDirectory() as top:
        instance = pathlib.Path(top) / "instance"
        subprocess.run([occlum, "new", instance], check=True, stdout=subprocess.DEVNULL)
        image = instance / "image"
        shutil.copy(BUSYBOX, image / "bin/busybox")
        fill(image / "data")
        subprocess.run([occlum, "build"], cwd=instance, check=True, stdout=subprocess.DEVNULL)
        env = {"PATH": os.environ["PATH"], "OCCLUM": "yes"}
        print(f"1..{len(lines) * len(MODES)}")
        for number, line in enumerate(lines):
            words, stdin = command(line)
            stdin = image / stdin if stdin else None
            native = run(["./bin/busybox", *words], image, stdin, {"OCCLUM": "yes"})
            for which, mode in enumerate(MODES, 1):
                inside = run([occlum, "run", "/bin/busybox", *words], instance, stdin,
                             {**env, "SGX_MODE": mode})
                good = same(native, inside)
                failed += not good
                print(f"{'ok' if good else 'not ok'} {number * len(MODES) + which} {mode}: {line}")
                if not good:
                    show("native", native)
                    show("inside", inside)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
