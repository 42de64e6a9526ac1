#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Counts passed and failed tests over several test runners.

  tally.py FILE count NAME PASSED FAILED   adds a line
  tally.py FILE meson NAME BUILD_DIR       adds the cases of the last `meson test`
  tally.py FILE tap NAME                   copies TAP from stdin to stdout and adds its cases
  tally.py FILE gate NAME EXIT MARK        adds a gate whose own counts start at byte MARK of FILE
  tally.py FILE sum                        prints "N passed, N failed"; exit 1 if any failed or none ran

FILE holds one "NAME<tab>PASSED<tab>FAILED" line per addition.
"""
import json
import re
import sys


def add(path, name, passed, failed):
    with open(path, "a") as out:
        out.write(f"{name}\t{passed}\t{failed}\n")


def gate(path, name, exit_code, mark):
    """A gate that counted cases is not one more case, unless it failed where none of them did."""
    with open(path) as lines:
        lines.seek(mark)
        own = [line.rstrip("\n").split("\t") for line in lines]
    if not own or (exit_code and not any(int(line[2]) for line in own)):
        add(path, name, int(exit_code == 0), int(exit_code != 0))


def meson(build_dir):
    """cmocka prints its counts; a test that prints none, or dies without one, counts once."""
    passed = failed = 0
    with open(f"{build_dir}/meson-logs/testlog.json") as log:
        for line in log:
            test = json.loads(line)
            text = test.get("stdout", "") + test.get("stderr", "")
            ok = sum(map(int, re.findall(r"\[  PASSED  \] (\d+) test", text)))
            bad = sum(map(int, re.findall(r"\[  FAILED  \] [^:\n]*?(\d+) test", text)))
            good_end = test["result"] in ("OK", "EXPECTEDFAIL")
            if good_end and ok + bad == 0 and test["result"] != "SKIP":
                ok = 1
            if not good_end and bad == 0:
                bad = 1
            passed, failed = passed + ok, failed + bad
    return passed, failed


def tap():
    """Cases that the plan promised and that did not run have failed; so has a runner without plan."""
    passed = failed = skipped = 0
    planned = None
    for line in sys.stdin:
        sys.stdout.write(line)
        sys.stdout.flush()
        plan = re.match(r"1\.\.(\d+)", line)
        if plan:
            planned = int(plan[1])
        elif re.match(r"not ok\b", line):
            failed += 1
        elif re.match(r"ok\b", line) and not re.search(r"#\s*skip", line, re.I):
            passed += 1
        elif re.match(r"ok\b", line):
            skipped += 1
    if planned is None:
        return passed, failed + 1
    failed += max(0, planned - skipped - passed - failed)
    return passed, failed


def total(path):
    passed = failed = 0
    with open(path) as lines:
        for line in lines:
            name, ok, bad = line.rstrip("\n").split("\t")
            passed, failed = passed + int(ok), failed + int(bad)
            if int(bad):
                print(f"failed: {name} ({bad})")
    print(f"{passed} passed, {failed} failed")
    return failed == 0 and passed > 0


def main(args):
    path, verb = args[0], args[1]
    if verb == "sum":
        return 0 if total(path) else 1
    name = args[2]
    if verb == "count":
        add(path, name, int(args[3]), int(args[4]))
        return 0
    if verb == "gate":
        gate(path, name, int(args[3]), int(args[4]))
        return 0
    passed, failed = meson(args[3]) if verb == "meson" else tap()
    add(path, name, passed, failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
