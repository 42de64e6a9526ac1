#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs each benchmark natively and inside, and prints both times and their ratio to the budget.

  run.py BUILD_DIR [NAME...]     NAME: a file of tests/bench without .c; all if none is given

BUILD_DIR/bin/occlum is used on an instance made for this run. Exit 0 also if a budget is missed:
a shared machine is no judge. A benchmark that does not run inside is reported as such, exit 1.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
COMPILE = ["gcc-12", "-O2", "-std=gnu17", "-static-pie", "-fPIE", "-pthread"]
STARTS = 9


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False, timeout=300)


def must(*command, cwd=None):
    done = run(*command, cwd=cwd)
    if done.returncode:
        sys.exit(f"bench: {' '.join(command)}: {done.stderr or done.stdout}")


def budgets():
    with open(os.path.join(HERE, "budgets.txt"), encoding="utf-8") as lines:
        return {w[0]: float(w[1]) for w in map(str.split, lines) if w and w[0] != "#" and len(w) == 2}


def times(done):
    """NAME: nanoseconds, of a program's lines."""
    if done.returncode:
        return {}
    return {w[0]: float(w[1]) for w in map(str.split, done.stdout.splitlines()) if len(w) == 2}


def start_time(*command, cwd=None):
    """Nanoseconds from start to exit of a program that does nothing; NaN if it fails."""
    took = []
    for _ in range(STARTS):
        began = time.monotonic_ns()
        if run(*command, cwd=cwd).returncode:
            return float("nan")
        took.append(time.monotonic_ns() - began)
    return statistics.median(took)


def main(build, names):
    occlum = os.path.abspath(os.path.join(build, "bin/occlum"))
    names = names or sorted(n[:-2] for n in os.listdir(HERE) if n.endswith(".c"))
    limit, failed = budgets(), []
    with tempfile.TemporaryDirectory() as work:
        must(occlum, "new", "bench", cwd=work)
        instance = os.path.join(work, "bench")
        native_dir = os.path.join(work, "native")
        os.mkdir(native_dir)
        for name in names:
            native = os.path.join(native_dir, name)
            must(*COMPILE, os.path.join(HERE, name + ".c"), "-o", native)
            must("cp", native, os.path.join(instance, "image/bin/" + name))
        must("cp", "/bin/busybox", os.path.join(instance, "image/bin/busybox"))
        must(occlum, "build", cwd=instance)
        print(f"{'benchmark':20} {'native ns':>12} {'inside ns':>12} {'ratio':>7} {'budget':>7}")

        def row(what, native, inside):
            ratio, most = inside / native, limit.get(what, float("inf"))
            verdict = "" if ratio <= most else "  over" if ratio > most else "  failed"
            print(f"{what:20} {native:12.1f} {inside:12.1f} {ratio:7.3f} {most:7.2f}{verdict}", flush=True)

        row("hello", start_time("/bin/busybox", "true"),
            start_time(occlum, "run", "/bin/busybox", "true", cwd=instance))
        for name in names:
            native = times(run(os.path.join(native_dir, name)))
            done = run(occlum, "run", "/bin/" + name, cwd=instance)
            inside = times(done)
            for what, ns in native.items():
                if what in inside:
                    row(what, ns, inside[what])
                else:
                    failed.append(what)
                    print(f"{what:20} {ns:12.1f} does not run inside: {done.stderr.strip()[-80:]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
