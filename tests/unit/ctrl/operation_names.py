#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the numbers of lib/ctrl/operation.h with their names, as tables for operation.c.

usage: operation_names.py OPERATION_H OUTPUT
"""
import re
import sys
from pathlib import Path


def main():
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    lines = ["/* SPDX-License-Identifier: LGPL-2.1-or-later */"]
    for kind in ("DOMCTL", "SYSCTL"):
        lines.append("static const struct { unsigned cmd; const char *name; } "
                     f"ctrl_{kind.lower()}_names[] = {{")
        lines += [f'    {{{number}, "{name}"}},'
                  for name, number in re.findall(rf"CTRL_{kind}_(\w+) = (\d+)", text)]
        lines += ["    {0, NULL},", "};"]
    Path(sys.argv[2]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
