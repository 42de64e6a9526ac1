#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The shipped ELF files are what the design says they are.

  elf.py BUILD_DIR      checks BUILD_DIR's libos.elf (the enclave) and occlum-run (the launcher)
  elf.py --self-test    checks that planted bad files are found

Both: no segment writable and executable, no executable stack, no text relocation, no interpreter,
no undefined symbol. The enclave besides: no dynamic section, and no instruction that is illegal in
an enclave or asks the host's kernel.
"""
import os
import re
import subprocess
import sys
import tempfile

# From the SDM's list of instructions that #UD in an enclave, with the two time stamps.
ILLEGAL = ("cpuid getsec rdpmc sgdt sidt sldt str vmcall vmfunc rdtsc rdtscp in ins insb insl inb "
           "inw inl out outs outsb outsl outb outw outl int int1 iret iretq lret ljmp lcall "
           "syscall sysenter sysret").split()


def run(*command):
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout


def segments(path):
    """(type, flags, virtual address, size) of each program header."""
    line = re.compile(r"^\s+([A-Z_]+)\s+0x\w+ 0x(\w+) 0x\w+ 0x\w+ 0x(\w+) ([RWE ]{3}) ", re.M)
    return [(kind, flags.replace(" ", ""), int(at, 16), int(size, 16))
            for kind, at, size, flags in line.findall(run("readelf", "-lW", path))]


def check_layout(path, enclave):
    heads = segments(path)
    if not heads:
        yield "no program headers"
    kinds = {kind: flags for kind, flags, _, _ in heads}
    for kind, flags, at, _ in heads:
        if kind == "LOAD" and "W" in flags and "E" in flags:
            yield f"segment at {at:#x} is writable and executable"
    # Without the header Linux makes the stack executable; the enclave is loaded by us.
    if "E" in kinds.get("GNU_STACK", "" if enclave else "E"):
        yield "the stack is executable"
    if "INTERP" in kinds:
        yield "asks for an interpreter"
    code = [(at, at + size) for kind, flags, at, size in heads if kind == "LOAD" and "E" in flags]
    for offset in re.findall(r"^([0-9a-f]{12,16})\s+[0-9a-f]+\s+R_", run("readelf", "-rW", path), re.M):
        if any(low <= int(offset, 16) < high for low, high in code):
            yield f"relocation in code at {int(offset, 16):#x}"


def check_symbols(path):
    for line in run("readelf", "-sW", path).split("\n"):
        words = line.split()
        if len(words) >= 8 and words[6] == "UND":
            yield f"undefined symbol {words[7]}"


def check_enclave(path):
    if any(kind == "DYNAMIC" for kind, _, _, _ in segments(path)):
        yield "has a dynamic section"
    where = "?"
    for line in run("objdump", "-d", "--no-show-raw-insn", path).split("\n"):
        head = re.match(r"^[0-9a-f]+ <(.*)>:$", line)
        where = head[1] if head else where
        insn = re.match(r"^\s+[0-9a-f]+:\s+(?:(?:rep|repz|lock|data16|cs|notrack)\s+)*(\w+)", line)
        if insn and insn[1] in ILLEGAL:
            yield f"{insn[1]} in {where}"


def check(path, enclave):
    found = [*check_layout(path, enclave), *check_symbols(path)]
    if enclave:
        found += check_enclave(path)
    return [f"{path}: {what}" for what in found]


def check_build(build):
    found = []
    for name, enclave in (("libos.elf", True), ("occlum-run", False)):
        paths = [os.path.join(d, name) for d, _, names in os.walk(build) if name in names]
        if not paths:
            found.append(f"{build}: {name} was not built")
        for path in paths:
            found += check(path, enclave)
    return found


def self_test():
    good = "void _start(void) { for (;;) { } }"
    planted = {
        "cpuid in _start": ('void _start(void) { __asm__ volatile("cpuid"); }', []),
        "syscall in _start": ('void _start(void) { __asm__ volatile("syscall"); }', []),
        "writable and executable": (good + " int x = 3;", ["-Wl,-N"]),
        "the stack is executable": (good, ["-Wl,-z,execstack"]),
        "undefined symbol gone": ("void gone(void); void _start(void) { gone(); }",
                                  ["-Wl,--unresolved-symbols=ignore-all"]),
        "relocation in code": ('extern char x[]; char x[1]; __asm__(".text; .quad x");' + good,
                               ["-pie", "-Wl,-z,notext"]),
        "has a dynamic section": (good, ["-pie"]),
        None: (good, []),
    }
    bad = []
    with tempfile.TemporaryDirectory() as where:
        for wanted, (source, flags) in planted.items():
            path = os.path.join(where, "planted.elf")
            with open(path + ".c", "w", encoding="utf-8") as f:
                f.write(source)
            run("clang-19", "-fuse-ld=lld-19", "-nostdlib", "-static" if "-pie" not in flags else
                "-fPIC", "-ffreestanding", "-O1", path + ".c", "-o", path, *flags)
            found = check(path, enclave=True)
            if wanted and not any(wanted in f for f in found):
                bad.append(f"planted '{wanted}' not found in {found}")
            if not wanted:
                bad += ["false alarm: " + f for f in found]
    return bad


def main(args):
    found = self_test() if args == ["--self-test"] else check_build(args[0])
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
