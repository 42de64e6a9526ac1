#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A launcher that breaks the rules never gets wrong output of the program: it sees a refusal (exit
code 1), a right and perhaps shorter output, or an enclave that stands still for ever.

usage: hostile_launcher.py OCCLUM-COMMAND [HOSTILE-LAUNCHER]     (TAP on standard output)
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
STILL = "stands still"
CRASH = 134  # the LibOS stopped itself

# What each deed must lead to: the exit codes allowed, STILL, or the program's usual end (0).
REFUSED = {name: {1} for name in (
    "magic", "version", "total-small", "total-big", "total-max", "strings", "argc-more",
    "argc-huge", "argc-none", "envc-huge", "area-inside", "area-border", "area-null", "area-wraps",
    "area-unaligned", "block-inside", "block-null", "block-unaligned")}
HARMLESS = {name: {0} for name in ("nothing", "log-level", "flags", "return-spurious")}
STOPPED = {name: {STILL} for name in ("fresh-again", "cssa-2", "return-cssa-2")}
# A lie about a call: the program's end, its own complaint, or one sentence of the LibOS.
ANSWERED = {0, 1, 127}
# EXITINFO is the CPU's; a SIM launcher that forges it gets what the CPU's would give: nothing (the
# system call is tried again for ever), or the signal of the vector.
FORGED = {STILL, 136, 139}
# The enclave ended; entering it again finds a trap, and the trap ends it again.
ENDED = {"after-done": {CRASH}, "area-unmapped": {CRASH}}


class Test:
    def __init__(self, launcher, instance):
        self.launcher, self.instance = launcher, instance
        self.count = self.failed = 0

    def run(self, deed):
        """(exit code or STILL, standard output, standard error)"""
        args = [self.launcher, "--mode", "SIM", "--instance", self.instance, "--",
                "/bin/busybox", "cat", "/data"]
        try:
            done = subprocess.run(args, env={"HOSTILE": deed}, capture_output=True, timeout=2,
                                  check=False)
        except subprocess.TimeoutExpired as late:
            return STILL, late.stdout or b"", late.stderr or b""
        return done.returncode, done.stdout, done.stderr

    def check(self, deed, allowed, data):
        code, out, err = self.run(deed)
        good = code in allowed and data.startswith(out)
        if code == 0:
            good = good and out == data
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {deed}: {code}")
        if not good:
            print(f"# out {len(out)} bytes, err {err[-300:]!r}")


def make(occlum, instance):
    subprocess.run([occlum, "new", instance], check=True, stdout=subprocess.DEVNULL)
    shutil.copy(shutil.which("busybox"), instance / "image/bin/busybox")
    data = bytes(i * 7 % 251 for i in range(20000))
    (instance / "image/data").write_bytes(data)
    subprocess.run([occlum, "build"], cwd=instance, check=True, stdout=subprocess.DEVNULL)
    return data


def deeds():
    yield from REFUSED.items()
    yield from HARMLESS.items()
    yield from STOPPED.items()
    yield from ENDED.items()
    for info in (0, 0x300, 0x30e, 0x7fffffff):
        yield f"exitinfo:{info}", FORGED
    for info in (0x300, 0x30d, 0x320, 0x3ff, 0x7ff, 0x7fffffff):
        yield f"exitinfo-valid:{info}", FORGED
    for kind in ("more", "less", "min", "max", "errno", "data"):
        for call in range(0, 40):
            yield f"answer-{kind}:{call}", ANSWERED


def main(occlum, launcher):
    with tempfile.TemporaryDirectory() as top:
        instance = pathlib.Path(top) / "a"
        data = make(occlum, instance)
        test = Test(launcher, str(instance))
        todo = list(deeds())
        print(f"1..{len(todo)}")
        for deed, allowed in todo:
            test.check(deed, allowed, data)
    return 1 if test.failed else 0


if __name__ == "__main__":
    default = TOP / "build/release/tests/e2e/hostile/occlum-run-hostile"
    sys.exit(main(os.path.abspath(sys.argv[1]),
                  os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else default)))
