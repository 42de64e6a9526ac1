#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""MRENCLAVE says what was built: equal for equal input anywhere, different for any change; EINIT
refuses a changed page; Linux's own tools accept the image.

usage: measure.py OCCLUM-COMMAND     (TAP on standard output)
"""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUSYBOX = shutil.which("busybox")
ENV = {"SGX_MODE": "SIM", "PATH": os.environ["PATH"]}
STAMP = 1700000000


class Test:
    def __init__(self):
        self.number = self.failed = 0

    def check(self, what, good, detail=""):
        self.number += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.number} {what}")
        if not good and detail:
            print(f"#   {detail}")


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, env=ENV, capture_output=True, text=True, timeout=120)


def must(*command, cwd=None):
    done = run(*command, cwd=cwd)
    if done.returncode:
        sys.exit(f"Bail out! {command}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


class Instance:
    def __init__(self, occlum, path):
        self.occlum, self.path, self.image = occlum, path, path / "image"
        must(occlum, "new", path)
        shutil.copy(BUSYBOX, self.image / "bin/busybox")
        (self.image / "etc/some.conf").write_text("value = 1\n")
        self.date()

    def date(self):
        for p in [*self.image.rglob("*"), self.image]:
            os.utime(p, (STAMP, STAMP), follow_symlinks=False)

    def build(self):
        must(self.occlum, "build", cwd=self.path)
        return must(self.occlum, "print", "mrenclave", cwd=self.path)


def set_config(instance, keys, value):
    path = instance.path / "Occlum.json"
    whole = json.loads(path.read_text())
    at = whole
    for key in keys[:-1]:
        at = at[key]
    at[keys[-1]] = value
    path.write_text(json.dumps(whole, indent=4))


def write_config(keys, value):
    return lambda i: set_config(i, keys, value)


def append_byte(i):
    with open(i.image / "etc/some.conf", "ab") as f:
        f.write(b" ")


CHANGES = {
    "an image byte": append_byte,
    "a mode bit": lambda i: (i.image / "etc/some.conf").chmod(0o600),
    "a file name": lambda i: (i.image / "etc/some.conf").rename(i.image / "etc/other.conf"),
    "a modification time": lambda i: os.utime(i.image / "etc/some.conf", (STAMP, STAMP + 1)),
    "an entry point": write_config(["entry_points"], ["/bin", "/usr/bin"]),
    "a default variable": write_config(["env", "default"], ["OCCLUM=no"]),
    "an untrusted variable": write_config(["env", "untrusted"], ["LANG"]),
    "user_space_size": write_config(["resource_limits", "user_space_size"], "301MB"),
    "kernel_space_heap_size": write_config(["resource_limits", "kernel_space_heap_size"], "33MB"),
    "kernel_space_stack_size": write_config(["resource_limits", "kernel_space_stack_size"], "2MB"),
    "max_num_of_threads": write_config(["resource_limits", "max_num_of_threads"], 31),
    "default_stack_size": write_config(["process", "default_stack_size"], "5MB"),
    "default_heap_size": write_config(["process", "default_heap_size"], "31MB"),
    "default_mmap_size": write_config(["process", "default_mmap_size"], "99MB"),
    "product_id": write_config(["metadata", "product_id"], 7),
    "version_number": write_config(["metadata", "version_number"], 7),
    "debuggable": write_config(["metadata", "debuggable"], False),
    "amx": write_config(["feature", "amx"], 1),
    "pkru": write_config(["feature", "pkru"], 1),
    "io_uring": write_config(["feature", "io_uring"], 1),
}


def same_everywhere(t, occlum, a, b):
    first, second = a.build(), b.build()
    t.check("two builds in two directories have one MRENCLAVE", first == second, f"{first} {second}")
    t.check("two builds have one image", (a.path / "build/rootfs.img").read_bytes() ==
            (b.path / "build/rootfs.img").read_bytes())
    t.check("keys are made per instance", must(occlum, "print", "mrsigner", cwd=a.path) !=
            must(occlum, "print", "mrsigner", cwd=b.path))
    told = must(sys.executable, HERE / "mrenclave.py", a.path / "build/enclave.signed")
    said = dict(line.split() for line in told.splitlines())
    t.check("an independent calculator agrees on MRENCLAVE", said["mrenclave"] == first, told)
    t.check("an independent calculator agrees on MRSIGNER",
            said["mrsigner"] == must(occlum, "print", "mrsigner", cwd=a.path), told)
    return first


def any_change(t, b, first):
    keep = b.path.parent / "keep"
    shutil.copytree(b.path, keep, symlinks=True)
    for what, change in CHANGES.items():
        shutil.rmtree(b.path)
        shutil.copytree(keep, b.path, symlinks=True)
        b.date()
        change(b)
        changed = b.build()
        t.check(f"another MRENCLAVE for a change of {what}", changed != first)
    shutil.rmtree(b.path)
    shutil.copytree(keep, b.path, symlinks=True)
    b.date()
    t.check("the same MRENCLAVE again when all changes are taken back", b.build() == first)


def pages_of(signed):
    """File offsets of the pages that carry data, by the format in abi/image/enclave.h."""
    count, = struct.unpack_from("<I", signed, 12)
    for i in range(count):
        run_at = 64 + 1808 + 48 * i
        pages, = struct.unpack_from("<Q", signed, run_at + 8)
        data, = struct.unpack_from("<Q", signed, run_at + 40)
        if data:
            yield from (data + 4096 * n for n in range(pages))


def changed_pages(t, a):
    path = a.path / "build/enclave.signed"
    good = path.read_bytes()
    refused = tried = 0
    for at in pages_of(good):
        bad = bytearray(good)
        bad[at + at // 4096 % 4096] ^= 1
        path.write_bytes(bad)
        done = run(a.occlum, "run", "/bin/busybox", "true", cwd=a.path)
        tried += 1
        refused += done.returncode == 1 and "EINIT" in done.stderr
    path.write_bytes(good)
    t.check(f"EINIT refuses each of {tried} enclaves with one changed page",
            tried > 50 and refused == tried, f"refused {refused}")
    t.check("and takes the unchanged one",
            run(a.occlum, "run", "/bin/busybox", "true", cwd=a.path).returncode == 0)


def host_oracles(t, a):
    image = a.path / "build/rootfs.img"
    raw = image.read_bytes()
    _, _, _, data, tree = struct.unpack_from("<QIIQQ", raw, len(raw) - 4096)
    root = raw[len(raw) - 4096 + 32:][:32].hex()
    t.check("fsck.erofs accepts the image", run("fsck.erofs", image).returncode == 0)
    verify = ["veritysetup", "verify", image, image, root, "--no-superblock", "--salt=-",
              f"--data-blocks={data}", f"--hash-offset={data * 4096}"]
    done = run(*verify)
    t.check("veritysetup verify accepts the image", done.returncode == 0, done.stderr)
    with open(image, "r+b") as f:
        f.seek(data * 4096 // 2)
        byte = f.read(1)
        f.seek(data * 4096 // 2)
        f.write(bytes([byte[0] ^ 1]))
    t.check("veritysetup verify finds a flipped byte", run(*verify).returncode != 0)
    image.write_bytes(raw)
    t.check("the trailer's geometry is the image's size", (data + tree + 1) * 4096 == len(raw))


def other_keys(t, occlum, a):
    known = HERE.parent / "vectors/sigstruct/sig1.key.pem"
    done = run(occlum, "build", "--sign-key", known, cwd=a.path)
    t.check("a known public key is refused by name", done.returncode == 1 and
            "sample key" in done.stderr,
            done.stdout + done.stderr)


def main(occlum):
    t = Test()
    with tempfile.TemporaryDirectory() as top:
        a = Instance(occlum, pathlib.Path(top) / "a")
        (pathlib.Path(top) / "another place").mkdir()
        b = Instance(occlum, pathlib.Path(top) / "another place/b")
        first = same_everywhere(t, occlum, a, b)
        any_change(t, b, first)
        changed_pages(t, a)
        host_oracles(t, a)
        other_keys(t, occlum, a)
    print(f"1..{t.number}")
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
