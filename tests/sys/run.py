#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The same program says the same on Linux and inside: Linux is the oracle.

  run.py BUILD_DIR [NAME...]      prints TAP; exit 1 if an answer differs

Each tests/sys/NAME.c is built once per kind of C library below. It is run natively and by
BUILD_DIR/bin/occlum in one instance made for this run; its output and exit code must be equal, so
a program prints nothing that may differ between two machines. Both get the arguments "one" and
"two words" and one line of input.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {
    "static-pie": ["gcc-12", "-static-pie", "-fPIE"],
    "dynamic": ["gcc-12"],
    "musl": ["musl-gcc", "-static"],
}
FLAGS = ["-O1", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-pthread"]
INPUT = "a line of input\n"
LIMIT = 30  # seconds a program may take inside


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False,
                          input=INPUT, timeout=LIMIT)


def must(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"Bail out! {' '.join(command)}: {done.stdout}{done.stderr}")


def copy_libraries(program, image):
    """What a dynamic program loads, at the same paths inside."""
    listed = subprocess.run(["ldd", program], text=True, capture_output=True, check=False).stdout
    for path in re.findall(r"(/\S+) \(0x", listed):
        inside = os.path.join(image, path.lstrip("/"))
        os.makedirs(os.path.dirname(inside), exist_ok=True)
        shutil.copy(os.path.realpath(path), inside)


def answer(done):
    """Output and exit code as a shell has it: 128 + n if signal n killed the program."""
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return f"{done.stdout}exit {code}"


def difference(native, instance, occlum, name):
    expected = answer(run(native, "one", "two words"))
    try:
        done = run(occlum, "run", "/bin/" + name, "one", "two words", cwd=instance)
    except subprocess.TimeoutExpired:
        return f"took more than {LIMIT} s inside"
    if answer(done) == expected:
        return None
    return f"Linux says:\n{expected}\ninside:\n{answer(done)}\nstandard error:\n{done.stderr}"


def main(build, names):
    occlum = os.path.abspath(os.path.join(build, "bin/occlum"))
    names = names or sorted(n[:-2] for n in os.listdir(HERE) if n.endswith(".c"))
    cases = [(name, kind) for name in names for kind in KINDS]
    print(f"1..{len(cases)}", flush=True)
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        instance, native = os.path.join(work, "sys"), os.path.join(work, "native")
        must(occlum, "new", instance)
        os.mkdir(native)
        image = os.path.join(instance, "image")
        for name, kind in cases:
            program = os.path.join(native, f"{name}-{kind}")
            must(*KINDS[kind], *FLAGS, os.path.join(HERE, name + ".c"), "-o", program)
            shutil.copy(program, os.path.join(image, "bin"))
            copy_libraries(program, image)
        must(occlum, "build", cwd=instance)
        for number, (name, kind) in enumerate(cases, 1):
            program = f"{name}-{kind}"
            why = difference(os.path.join(native, program), instance, occlum, program)
            print(f"{'not ok' if why else 'ok'} {number} {name} ({kind})", flush=True)
            if why:
                failures += 1
                print("# " + why.strip().replace("\n", "\n# "), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
