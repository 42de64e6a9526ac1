#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""host.def -> numbers, checked enclave stubs, launcher dispatch, rows for the tests.

usage: host.py host.def num|stubs-h|stubs-c|serve|rows OUT
The grammar is described at the top of host.def.
"""
import re
import sys

ROW = re.compile(r"^CALL\((\w+),\s*(BLOCK|NOBLOCK),\s*(none|u64|bytes\(\w+\)|exact\(\w+\))((?:,\s*[^,()]+)*)\)$")


class Call:
    def __init__(self, number, name, blocks, result, args):
        self.number, self.name, self.blocks = number, name, blocks == "BLOCK"
        kind, _, rest = result.partition("(")
        self.result, self.buffer = kind, rest.rstrip(")")
        self.args = [tuple(a.split()) for a in args]


def parse(path):
    text = re.sub(r"/\*.*?\*/", "", open(path, encoding="utf-8").read(), flags=re.S)
    calls = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = ROW.match(line)
        if not match:
            sys.exit(f"{path}: not a CALL row: {line}")
        args = [a.strip() for a in match.group(4).split(",") if a.strip()]
        calls.append(Call(len(calls) + 1, match.group(1), match.group(2), match.group(3), args))
    return calls


def c_param(arg):
    kind = arg[0]
    if kind in ("u32", "u64"):
        return f"uint{kind[1:]}_t {arg[1]}"
    if kind == "in":
        return f"cspan {arg[1]}"
    if kind == "out":
        return f"span {arg[1]}"
    const = "const " if kind == "put" else ""
    return f"{const}struct {arg[1]} *{arg[2]}"


def prototype(call):
    params = [c_param(a) for a in call.args]
    if call.result == "bytes":
        params.append("size_t *done")
    if call.result == "u64":
        params.append("uint64_t *answer")
    return f"err host_{call.name}({', '.join(params) or 'void'})"


def stub(call):
    out = [prototype(call) + " {", "    struct host_frame f;", "    int64_t result;", ""]
    if call.result == "bytes":
        out.append(f"    {call.buffer}.n = host_clamp({call.buffer}.n);")
    out.append(f"    host_begin(&f, HOST_CALL_{call.name});")
    takes = []
    for arg in call.args:
        kind, name = arg[0], arg[-1]
        if kind in ("u32", "u64"):
            out.append(f"    host_arg(&f, {name});")
        elif kind == "in":
            out.append(f"    TRY(host_arg_in(&f, {name}));")
        elif kind == "put":
            out.append(f"    TRY(host_arg_in(&f, cspan_of({name}, sizeof(*{name}))));")
        elif kind == "out":
            out.append(f"    haddr {name}_at;")
            out.append(f"    TRY(host_arg_out(&f, {name}.n, &{name}_at));")
            size = "(size_t)result" if call.result == "bytes" else f"{name}.n"
            takes.append(f"    host_take(span_of({name}.p, {size}), {name}_at);")
        elif kind == "get":
            out.append(f"    haddr {name}_at;")
            out.append(f"    TRY(host_arg_out(&f, sizeof(*{name}), &{name}_at));")
            takes.append(f"    host_take(span_of({name}, sizeof(*{name})), {name}_at);")
    out.append("    TRY(host_go(&f, &result));")
    if call.result == "bytes":
        out.append(f"    if ((uint64_t)result > {call.buffer}.n)")
        out.append("        return host_lied(&f);")
    elif call.result == "exact":
        out.append(f"    if ((uint64_t)result != {call.buffer}.n)")
        out.append("        return host_lied(&f);")
    elif call.result == "none":
        out.append("    if (result != 0)")
        out.append("        return host_lied(&f);")
    out += takes
    if call.result == "bytes":
        out.append("    *done = (size_t)result;")
    if call.result == "u64":
        out.append("    *answer = (uint64_t)result;")
    return "\n".join(out + ["    return OK;", "}", ""])


def serve_params(call):
    params = []
    for arg in call.args:
        if arg[0] in ("u32", "u64"):
            params.append(f"uint{arg[0][1:]}_t {arg[1]}")
        elif arg[0] in ("in", "out"):
            const = "const " if arg[0] == "in" else ""
            params += [f"{const}void *{arg[1]}", f"uint64_t {arg[1]}_size"]
        else:
            const = "const " if arg[0] == "put" else ""
            params.append(f"{const}struct {arg[1]} *{arg[2]}")
    return ", ".join(params) or "void"


def serve_case(call):
    passed, slot = [], 0
    for arg in call.args:
        if arg[0] in ("u32", "u64"):
            passed.append(f"(uint{arg[0][1:]}_t)a->args[{slot}]")
            slot += 1
            continue
        const = "const " if arg[0] in ("in", "put") else ""
        ctype = "void" if arg[0] in ("in", "out") else f"struct {arg[1]}"
        passed.append(f"({const}{ctype} *)(uintptr_t)a->args[{slot}]")
        if arg[0] in ("in", "out"):
            passed.append(f"a->args[{slot + 1}]")
        slot += 2
    return f"    case HOST_CALL_{call.name}:\n        return serve_{call.name}({', '.join(passed)});"


def row(call):
    """The call through one type, so that a test can go over all rows (tests/lib/hostrow.h)."""
    letters = {"u32": "n", "u64": "N", "in": "i", "out": "o", "get": "g", "put": "p"}
    passed, numbers, struct = [], 0, "0"
    for arg in call.args:
        if arg[0] in ("u32", "u64"):
            passed.append(f"(uint{arg[0][1:]}_t)a->numbers[{numbers}]")
            numbers += 1
        elif arg[0] in ("in", "out"):
            passed.append(f"a->{arg[0]}")
        else:
            passed.append(f"a->{arg[0]}")
            struct = f"sizeof(struct {arg[1]})"
    passed += {"bytes": ["&a->done"], "u64": ["&a->answer"]}.get(call.result, [])
    shape = "".join(letters[a[0]] for a in call.args)
    if any(shape.count(letter) > 1 for letter in "iogp"):
        sys.exit(f"{call.name}: hostrow.h has room for one buffer of a kind")
    code = f"static err row_{call.name}(struct host_row_args *a) {{\n"
    code += f"    return host_{call.name}({', '.join(passed)});\n}}\n"
    entry = f'{{"{call.name}", HOST_CALL_{call.name}, ROW_{call.result.upper()}, "{shape}", '
    return code, entry + f"{struct}, row_{call.name}}}"


def main(source, what, target):
    calls = parse(source)
    head = f"/* Generated by tools/gen/host.py from abi/host/host.def. */\n"
    if what == "num":
        body = "#pragma once\n" + "".join(
            f"#define HOST_CALL_{c.name} {c.number}u\n" for c in calls)
        body += f"#define HOST_CALL_COUNT {len(calls) + 1}u\n"
        body += "#define HOST_CALL_NAMES \"?\", " + ", ".join(f'"{c.name}"' for c in calls) + "\n"
        body += "#define HOST_CALL_BLOCKS false, " + ", ".join(
            "true" if c.blocks else "false" for c in calls) + "\n"
    elif what == "stubs-h":
        body = "#pragma once\n" + "".join(f"MUST {prototype(c)};\n" for c in calls)
    elif what == "stubs-c":
        body = '#include "enclave/host/call.h"\n#include "enclave/host/frame.h"\n\n'
        body += "\n".join(stub(c) for c in calls)
    elif what == "rows":
        rows = [row(c) for c in calls]
        body = "#pragma once\n" + "\n".join(code for code, _ in rows)
        body += "\nstatic const struct host_row g_host_rows[] = {\n    "
        body += ",\n    ".join(entry for _, entry in rows) + ",\n};\n"
    else:
        body = "#pragma once\n" + "".join(
            f"static int64_t serve_{c.name}({serve_params(c)});\n" for c in calls)
        body += "\nstatic int64_t host_serve(const struct host_area *a) {\n    switch (a->number) {\n"
        body += "\n".join(serve_case(c) for c in calls)
        body += "\n    default:\n        return -38; /* ENOSYS */\n    }\n}\n"
    with open(target, "w", encoding="utf-8") as out:
        out.write(head + body)


if __name__ == "__main__":
    main(*sys.argv[1:4])
