#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""cli/config/config.def -> docs/config.md, cli/verbs.def -> docs/cli.md; --check: are they current?

    cli_doc.py [--check] [TOP]        TOP: the checkout, by default this script's own

The introduction of docs/NAME.md is docs/NAME.md.in.
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ARGUMENTS = [a for a in sys.argv[1:] if a != "--check"]
TOP = ARGUMENTS[0] if ARGUMENTS else TOP
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def calls(path):
    """Yields (macro, [arguments]) of a .def file; nested brackets and strings stay whole."""
    text = COMMENT.sub("", open(os.path.join(TOP, path), encoding="utf-8").read())
    for start in re.finditer(r"^([A-Z]+)\(", text, re.M):
        arguments, begin, depth, at = [], start.end(), 0, start.end()
        while depth >= 0:
            c = text[at]
            if c == '"':
                at = re.compile(r'"(?:\\.|[^"\\])*"').match(text, at).end()
                continue
            depth += (c in "([{") - (c in ")]}")
            if depth < 0 or (c == "," and depth == 0):
                arguments.append(text[begin:at].strip())
                begin = at + 1
            at += 1
        yield start[1], arguments


def string(token):
    """The text of (adjacent) C string literals."""
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', token))


def bound(token, kind):
    if kind in ("SIZE", "MEMORY"):
        return re.sub(r"1 \* |\s\*\s", "", token.replace(" * ", ""))
    return token


def bounds(kind, low, high):
    if kind in ("BOOL", "HEX"):
        return ""
    unit = " elements" if kind in ("PATHS", "ENVS", "NAMES", "MOUNTS") else ""
    return f"{bound(low, kind)} to {bound(high, kind)}{unit}"


KINDS = {"SIZE": "size", "MEMORY": "size, whole 4 KiB pages", "COUNT": "integer",
         "BOOL": "true or false", "HEX": "\"0x…\", 64 bits", "PATHS": "list of paths",
         "ENVS": "list of NAME=value", "NAMES": "list of names", "MOUNTS": "list of mounts"}


def config_page():
    sections, rows = {}, {}
    for macro, a in calls("cli/config/config.def"):
        if macro == "SECTION":
            sections[a[0]] = (string(a[1]), string(a[2]))
        else:
            rows.setdefault(a[0], []).append(a)
    lines = []
    for token, (path, meaning) in sections.items():
        title = f"`{path}`" if path else "The outermost object"
        lines += ["", f"## {title}", ""] + ([meaning, ""] if meaning else [])
        lines += ["| key | type | from, to | default | meaning |", "|---|---|---|---|---|"]
        for _, name, kind, low, high, text, *default in rows.get(token, []):
            value = re.sub(r"\s+", " ", ", ".join(default))
            shown = "see below" if kind == "MOUNTS" else "" if value == "null" else f"`{value}`"
            lines.append(f"| `{name}` | {KINDS[kind]} | {bounds(kind, low, high)} | {shown} "
                         f"| {string(text)} |")
    return lines


def cli_page():
    verbs, options = [], {}
    for macro, a in calls("cli/verbs.def"):
        if macro == "V":
            verbs.append((a[0].replace("_", "-"), a[1], string(a[2]), string(a[3])))
        else:
            options.setdefault(a[0], []).append((string(a[1]), string(a[2])))
    lines = ["", "## Sub-commands", ""]
    for name, weight, args, summary in verbs:
        if weight == "LATER":
            continue
        lines += [f"### `occlum {name}{' ' if args else ''}{args}`", "",
                  summary[0].upper() + summary[1:] + ".", ""]
        if options.get(name):
            lines += ["| option | meaning |", "|---|---|"]
            lines += [f"| `{option}` | {text} |".replace("HW|SIM|EMU", "HW\\|SIM\\|EMU")
                      .replace("Y|N", "Y\\|N") for option, text in options[name]] + [""]
    lines += ["## Not in this version yet", ""]
    lines += [f"- `occlum {name}{' ' if args else ''}{args}`: {summary}"
              for name, weight, args, summary in verbs if weight == "LATER"]
    return lines


def page(source, generator):
    head = open(os.path.join(TOP, source), encoding="utf-8").read()
    return head.rstrip("\n") + "\n" + "\n".join(generator()).rstrip("\n") + "\n"


def main(check):
    stale = 0
    for source, target, generator in (("docs/config.md.in", "docs/config.md", config_page),
                                      ("docs/cli.md.in", "docs/cli.md", cli_page)):
        text, path = page(source, generator), os.path.join(TOP, target)
        if not check:
            open(path, "w", encoding="utf-8").write(text)
        elif not os.path.exists(path) or open(path, encoding="utf-8").read() != text:
            print(f"{target} is out of date: run tools/gen/cli_doc.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
