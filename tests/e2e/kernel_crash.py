#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A LibOS that breaks stops at once with exit code 134 and names the kind of trap and the function.

usage: kernel_crash.py OCCLUM-COMMAND     (TAP on standard output)

Each crime is planted as machine code into a copy of the installed LibOS, at the start of the
function that serves a system call; an instance is built with it, so it is measured and signed like
the real one, and a program makes the call. What a program does to itself, on the other hand, ends
the program only, as on Linux.
"""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

ENV = {"SGX_MODE": "SIM", "PATH": os.environ["PATH"]}
ENDBR64 = bytes.fromhex("f30f1efa")
PT_LOAD = 1
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
int main(int argc, char **argv) {
    struct utsname u;
    if (argc > 1 && strcmp(argv[1], "step") == 0) {
        long nr = 39;
        __asm__ volatile("pushf; orl $0x100, (%%rsp); popf; syscall; nop; nop"
                         : "+a"(nr) : : "rcx", "r11", "memory");
        return 0;
    }
    if (argc > 1)
        ((void (*)(void))strtoul(argv[1], NULL, 16))();
    printf("before\\n");
    fflush(stdout);
    printf("%d %d\\n", getpid() > 0, uname(&u));
    return 0;
}
"""


class LibOS:
    """The code of libos.elf, found through libos.sym."""

    def __init__(self, directory):
        self.path = directory / "libos.elf"
        self.bytes = bytearray(self.path.read_bytes())
        lines = [line.split() for line in (directory / "libos.sym").read_text().splitlines()]
        self.symbols = {name: int(address, 16) for address, name in lines}

    def offset(self, address):
        table, = struct.unpack_from("<Q", self.bytes, 32)
        size, count = struct.unpack_from("<HH", self.bytes, 54)
        for i in range(count):
            kind, _, offset, vaddr, _, filesz = struct.unpack_from("<IIQQQQ", self.bytes, table + i * size)
            if kind == PT_LOAD and vaddr <= address < vaddr + filesz:
                return offset + address - vaddr
        raise SystemExit(f"Bail out! {address:#x} is not in libos.elf")

    def start_of(self, function):
        at = self.offset(self.symbols[function])
        return at + 4 if self.bytes[at:at + 4] == ENDBR64 else at

    def plant(self, function, code):
        at = self.start_of(function)
        self.bytes[at:at + len(code)] = code
        self.path.write_bytes(self.bytes)

    def spoil_canary(self, function):
        """`mov %gs:40,%rax; mov %rax,-N(%rbp)` saves the canary: save another value."""
        at = self.start_of(function)
        body = bytes(self.bytes[at:at + 200])
        found = re.search(rb"\x65\x48\x8b\x04\x25\x28\x00\x00\x00\x48\x89\x45", body, re.S)
        if found is None:
            raise SystemExit(f"Bail out! {function} saves no canary")
        self.bytes[at + found.end() - 1] = 0x65  # mov %rsp,-N(%rbp)
        self.path.write_bytes(self.bytes)


CRIMES = [  # what, function, code, what the line says
    ("a failed CHECK", "sys_getpid", "670fb94060", r"trap check in sys_getpid\+0x"),
    ("an array index out of bounds", "sys_getpid", "670fb94012", r"trap bounds in sys_getpid\+0x"),
    ("a double free", "sys_uname", "670fb94062", r"trap double free in sys_uname\+0x"),
    ("an indirect call of the wrong type", "sys_getpid", "0f0b41ffd3", r"trap kcfi in sys_getpid\+0x"),
    ("ud2", "sys_getpid", "0f0b90", r"trap undefined behaviour in sys_getpid\+0x"),
    ("a store through a null pointer", "sys_getpid", "31c0c70001000000",
     r"page fault in sys_getpid\+0x.*vector 14, address 0x0\)"),
    ("a write into the LibOS's code", "sys_getpid", "488d05f9ffffffc60090",
     r"page fault in sys_getpid\+0x.*vector 14"),
    ("a division by zero", "sys_getpid", "31c0f7f0", r"divide error in sys_getpid\+0x"),
    ("a call to address 0", "sys_getpid", "31c0ffd0", r"page fault in .*rip 0x0,"),
    ("an endless recursion", "sys_getpid", "50ebfd", r"page fault in sys_getpid\+0x"),
    ("an overwritten canary", "sys_uname", None, r"trap stack guard in __stack_chk_fail\+0x"),
]


FAULTS = [  # what the program does to itself, its argument, signal number and name
    ("jumps to address 0", "0", 11, "SIGSEGV"),
    ("jumps behind its own memory", "3b00000000", 11, "SIGSEGV"),
    ("jumps between the LibOS's pages", "3fe0000000", 11, "SIGSEGV"),
    ("jumps out of the enclave", "500000000000", 11, "SIGSEGV"),
    ("jumps to an address that is none", "8000000000000000", 11, "SIGSEGV"),
    ("single-steps itself over a system call", "step", 5, "SIGTRAP"),
]


def run(occlum, instance, *arguments):
    return subprocess.run([occlum, "run", "/bin/program", *arguments], cwd=instance, env=ENV, text=True,
                          capture_output=True, timeout=60, check=False)


def build(occlum, instance):
    subprocess.run([occlum, "build"], cwd=instance, env=ENV, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def judge(done, says):
    """None if the run ended as it must, else what was wrong."""
    if done.returncode != 134:
        return f"exit code {done.returncode}"
    if done.stdout != "before\n":
        return f"output {done.stdout!r}"
    lines = [line for line in done.stderr.splitlines() if "stopped: " in line]
    if len(lines) != 1 or not re.search("stopped: " + says, lines[0]):
        return "it does not say what happened"
    return None


def judge_fault(done, fault):
    """The same for what ends the program only."""
    if done.returncode != 128 + fault[2]:
        return f"exit code {done.returncode}"
    return None if f"died of {fault[3]} " in done.stderr else "it does not say what happened"


def commit(crime, libos):
    _, function, code, _ = crime
    if code is None:
        libos.spoil_canary(function)
    else:
        libos.plant(function, bytes.fromhex(code))


def install_copy(occlum, top):
    """bin and lib/occlum as installed, to be changed; the copy's command."""
    prefix = pathlib.Path(occlum).resolve().parent.parent
    for part in ("bin", "lib/occlum"):
        shutil.copytree(prefix / part, top / "installed" / part, symlinks=True)
    return top / "installed/bin" / pathlib.Path(occlum).name


def make_instance(occlum, top):
    source, instance = top / "program.c", top / "instance"
    source.write_text(PROGRAM)
    subprocess.run([occlum, "new", instance], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["gcc-12", "-static", "-O1", "-o", instance / "image/bin/program", source], check=True)
    return instance


class Tap:
    def __init__(self, count):
        print(f"1..{count}")
        self.number = self.failed = 0

    def result(self, what, wrong, done):
        self.number += 1
        print(f"{'not ok' if wrong else 'ok'} {self.number} {what}{': ' + wrong if wrong else ''}")
        if wrong:
            self.failed += 1
            print("".join(f"#   {line}\n" for line in done.stderr.splitlines()[:6]), end="")


def main(occlum):
    tap = Tap(len(CRIMES) + len(FAULTS) + 1)
    with tempfile.TemporaryDirectory() as name:
        top = pathlib.Path(name)
        occlum = install_copy(occlum, top)
        instance = make_instance(occlum, top)
        libs = top / "installed/lib/occlum"
        good = (libs / "libos.elf").read_bytes()
        for crime in CRIMES:
            (libs / "libos.elf").write_bytes(good)
            commit(crime, LibOS(libs))
            build(occlum, instance)
            done = run(occlum, instance)
            tap.result(f"the LibOS: {crime[0]}", judge(done, crime[3]), done)
        (libs / "libos.elf").write_bytes(good)
        build(occlum, instance)
        for fault in FAULTS:
            done = run(occlum, instance, fault[1])
            tap.result(f"a program {fault[0]}", judge_fault(done, fault), done)
        done = run(occlum, instance)
        fine = done.returncode == 0 and done.stdout == "before\n1 0\n"
        tap.result("without a crime all is well", None if fine else "it is not", done)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(os.path.abspath(sys.argv[1])))
