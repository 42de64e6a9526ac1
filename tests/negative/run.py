#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Each program in compile/ and trap/ commits one crime, under the flags the enclave ships with.

  run.py BUILD_DIR [--compile-only]     prints TAP; exit 1 if a crime went unpunished

BUILD_DIR/enclave_args.txt is the compiler and its flags, written by meson. The first line of a
program says what must happen:
  must not compile: REGEX      with -DCRIME the compiler refuses and says REGEX; without, it accepts
  must trap: KIND in SYMBOL    run by runner.c, it ends in that trap, in that function
"""
import bisect
import concurrent.futures
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
EXPECT = re.compile(r"/\* must (not compile|trap): (.*) \*/")


def run(*command):
    return subprocess.run(command, cwd=TOP, text=True, capture_output=True, check=False)


def first_line(path):
    with open(path, encoding="utf-8") as f:
        return EXPECT.match(f.readline())


class Build:
    """The flags of a build directory, and the objects every trapping program is linked with."""

    def __init__(self, where):
        self.dir = os.path.join(where, "negative")
        os.makedirs(self.dir, exist_ok=True)
        with open(os.path.join(where, "enclave_args.txt"), encoding="utf-8") as f:
            self.args = f.read().split()
        self.args += ["-I.", "-I" + os.path.join(where, "abi")]
        self.includes = self.args[-2:]

    def compile(self, source, output, *more):
        return run(*self.args, *more, "-c", source, "-o", os.path.join(self.dir, output))

    def support(self):
        """The hosted runner and a library of base/ under the enclave's flags; their paths."""
        library = os.path.join(self.dir, "libbase.a")
        members = []
        for name in sorted(n for n in os.listdir(os.path.join(TOP, "base")) if n.endswith(".c")):
            if name.endswith("_ni.c"):
                continue  # vector code has flags of its own and no crime here
            done = self.compile("base/" + name, "base_" + name + ".o")
            if done.returncode:
                sys.exit(f"Bail out! base/{name}: {done.stderr}")
            members.append(os.path.join(self.dir, "base_" + name + ".o"))
        if os.path.exists(library):
            os.unlink(library)
        run("ar", "rcs", library, *members)
        done = run("clang-19", "-O1", "-g", "-fno-pie", "-fsanitize=kcfi", "-std=gnu17",
                   *self.includes, "-c", "tests/negative/runner.c", "-o",
                   os.path.join(self.dir, "runner.o"))
        if done.returncode:
            sys.exit(f"Bail out! runner.c: {done.stderr}")
        return [os.path.join(self.dir, "runner.o"), library]


def symbol_at(program, address):
    """The function of `program` that holds `address`."""
    lines = (line.split() for line in run("nm", "--defined-only", program).stdout.split("\n"))
    table = sorted((int(w[0], 16), w[2]) for w in lines if len(w) == 3 and w[1] in "tT"
                   and not w[2].startswith("__cfi_"))
    at = bisect.bisect_right(table, (address, "\x7f")) - 1
    return table[at][1] if at >= 0 else "?"


def refused(build, source, wanted):
    """Why the crime in `source` was not refused as it must be; None if it was."""
    name = os.path.basename(source) + ".o"
    innocent = build.compile(source, name)
    if innocent.returncode:
        return "does not compile without its crime either:\n" + innocent.stderr
    crime = build.compile(source, "crime_" + name, "-DCRIME")
    if crime.returncode == 0:
        return "the compiler accepted the crime"
    if not re.search(wanted, crime.stderr):
        return f"refused, but nothing says /{wanted}/:\n{crime.stderr}"
    return None


def trapped(build, support, source, wanted):
    name = os.path.basename(source)
    program = os.path.join(build.dir, name[:-2])
    done = build.compile(source, name + ".o")
    if done.returncode:
        return "does not compile:\n" + done.stderr
    done = run("clang-19", "-no-pie", "-fuse-ld=lld-19", os.path.join(build.dir, name + ".o"),
               *support, "-o", program)
    if done.returncode:
        return "does not link:\n" + done.stderr
    done = run(program)
    said = re.sub(r" at 0x([0-9a-f]+)", lambda m: " in " + symbol_at(program, int(m[1], 16)),
                  done.stdout.strip())
    return None if said == "trap: " + wanted else f"wanted 'trap: {wanted}', got '{said}'"


def main(where, compile_only):
    build = Build(where)
    folders = ["compile"] if compile_only else ["compile", "trap"]
    sources = [os.path.join("tests/negative", folder, name) for folder in folders
               for name in sorted(os.listdir(os.path.join(HERE, folder))) if name.endswith(".c")]
    print(f"1..{len(sources)}", flush=True)
    support = [] if compile_only else build.support()

    def judge(source):
        expect = first_line(os.path.join(TOP, source))
        if not expect:
            return "its first line does not say what must happen"
        if expect[1] == "trap":
            return trapped(build, support, source, expect[2])
        return refused(build, source, expect[2])

    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (source, why) in enumerate(zip(sources, pool.map(judge, sources)), 1):
            print(f"{'not ok' if why else 'ok'} {number} {source[len('tests/negative/'):-2]}")
            if why:
                failures += 1
                print("# " + why.strip().replace("\n", "\n# "))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--compile-only" in sys.argv[2:]))
