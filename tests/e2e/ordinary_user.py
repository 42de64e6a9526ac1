#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Nothing about an instance needs root: a user makes, builds and runs one in a directory of its own,
the user's name is nowhere in the measurement, and what belongs to somebody else is said so.

usage: ordinary_user.py OCCLUM-COMMAND      (TAP on standard output)

As root everything is done as uid 65534, with a copy of the product that this user may read; else by
the caller, and what needs two users is skipped.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BUSYBOX = shutil.which("busybox")
ROOT = os.geteuid() == 0
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if ROOT else {}
ENV = {"SGX_MODE": "SIM", "PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1700000000"}


class Tap:
    def __init__(self, planned):
        self.number = self.failed = 0
        print(f"1..{planned}")

    def check(self, what, good, done=None):
        self.number += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.number} {what}", flush=True)
        if not good and done is not None:
            for line in f"exit code {done.returncode}\n{done.stdout}{done.stderr}".splitlines():
                print(f"#   {line}")

    def skip(self, *whats):
        for what in whats:
            self.number += 1
            print(f"ok {self.number} {what} # SKIP needs root")


def product_copy(occlum, where):
    """bin/ and lib/ of the installed tree, where the user can read them."""
    prefix = pathlib.Path(occlum).resolve().parent.parent
    for part in ("bin/occlum", "lib/occlum"):
        source, target = prefix / part, where / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    return where / "bin/occlum"


class User:
    def __init__(self, occlum, identity):
        self.occlum, self.identity = occlum, identity

    def occlum_in(self, directory, *args):
        return subprocess.run([self.occlum, *args], cwd=directory, env=ENV, text=True, timeout=120,
                              capture_output=True, check=False, **self.identity)


def give(path, uid):
    for p in (path, *path.rglob("*")):
        os.chown(p, uid, uid, follow_symlinks=False)


def works(t, user, home):
    """new, build, run, print in a directory of the user's."""
    instance = home / "instance"
    done = user.occlum_in(home, "new", instance)
    t.check("new makes an instance", done.returncode == 0, done)
    subprocess.run(["cp", BUSYBOX, instance / "image/bin/busybox"], check=True, **user.identity)
    done = user.occlum_in(instance, "build")
    t.check("build makes an enclave", done.returncode == 0, done)
    key = os.stat(instance / "enclave-key.pem")
    t.check("the signing key is for its owner alone", key.st_mode & 0o777 == 0o600)
    done = user.occlum_in(instance, "run", "/bin/busybox", "echo", "hello")
    t.check("run runs a program", done.stdout == "hello\n" and done.returncode == 0, done)
    printed = user.occlum_in(instance, "print", "mrenclave")
    t.check("print says the identity", len(printed.stdout.strip()) == 64, printed)
    done = user.occlum_in(instance, "build")
    t.check("a second build replaces the first", done.returncode == 0 and not leftovers(instance), done)
    return instance


def leftovers(instance):
    return sorted(p.name for p in instance.glob("build.tmp*"))


def unreadable(t, user, instance):
    """Root reads everything, so as root these are the user's files without their read bits."""
    secret = instance / "image/etc/passwd"
    mode = secret.stat().st_mode
    secret.chmod(0)
    done = user.occlum_in(instance, "build")
    secret.chmod(mode)
    t.check("build names a file of the image that it may not read",
            done.returncode == 1 and "image/etc/passwd: Permission denied" in done.stderr and
            not leftovers(instance), done)
    enclave = instance / "build/enclave.signed"
    enclave.chmod(0)
    done = user.occlum_in(instance, "run", "/bin/busybox", "true")
    enclave.chmod(0o644)
    t.check("run names an enclave that it may not read",
            done.returncode == 1 and "build/enclave.signed: Permission denied" in done.stderr, done)


def same_measurement(t, user, root, instance, top):
    """The same image, built by root: no user, group or name of either is in it."""
    copy = top / "by-root"
    shutil.copytree(instance, copy, symlinks=True, ignore=shutil.ignore_patterns("build"))
    give(copy, 0)
    done = root.occlum_in(copy, "build")
    ours = root.occlum_in(copy, "print", "mrenclave").stdout
    theirs = user.occlum_in(instance, "print", "mrenclave").stdout
    t.check("root and the user build one MRENCLAVE", done.returncode == 0 and ours == theirs != "",
            done)


def of_another_user(t, user, root, instance):
    give(instance / "build", 0)
    done = user.occlum_in(instance, "build")
    t.check("build refuses a build/ of root with a line that says so",
            done.returncode == 1 and "./build belongs to user 0" in done.stderr and
            not leftovers(instance), done)
    done = user.occlum_in(instance, "run", "/bin/busybox", "echo", "hello")
    t.check("what root built can be run", done.stdout == "hello\n", done)
    (instance / "build").chmod(0o700)
    done = user.occlum_in(instance, "run", "/bin/busybox", "echo", "hello")
    t.check("run does not call it unbuilt when it may not look",
            done.returncode == 1 and "Permission denied" in done.stderr, done)
    (instance / "build").chmod(0o755)
    give(instance, 0)
    done = user.occlum_in(instance, "build")
    t.check("build refuses an instance of root, naming the key it may not read",
            done.returncode == 1 and "enclave-key.pem: Permission denied" in done.stderr, done)
    done = root.occlum_in(instance, "run", "/bin/busybox", "echo", "hello")
    t.check("root can run what a user built", done.stdout == "hello\n", done)


def main(occlum):
    t = Tap(14)
    with tempfile.TemporaryDirectory() as name:
        top, home = pathlib.Path(name), pathlib.Path(name) / "home"
        top.chmod(0o755)
        home.mkdir()
        product = product_copy(occlum, top / "product")
        if ROOT:
            give(home, NOBODY["user"])
        user, root = User(product, NOBODY), User(product, {})
        instance = works(t, user, home)
        unreadable(t, user, instance)
        if ROOT:
            same_measurement(t, user, root, instance, top)
            of_another_user(t, user, root, instance)
        else:
            t.skip("root and the user build one MRENCLAVE",
                   "build refuses a build/ of root with a line that says so",
                   "what root built can be run",
                   "run does not call it unbuilt when it may not look",
                   "build refuses an instance of root, naming the key it may not read",
                   "root can run what a user built")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
