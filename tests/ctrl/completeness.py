#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Is every function of a library, or of one header of it, called on a real Xen? Prints TAP.

usage: completeness.py SOURCE_FOLDER ctrl|passthrough

A function is in a program that runs there, or stands in a hardware.txt with the reason why
its effect cannot be seen in the lab; then a unit test has its bytes.
"""

import re
import sys
from pathlib import Path

NAME = re.compile(r"^\s+(\w+);$", re.M)


def exported(source):
    text = (source / "lib/ctrl/ctrl.map").read_text()
    names = NAME.findall(text.partition("local:")[0])
    return [name for name in names if not name.endswith("_NULL")]  # that is a variable


def passthrough(source):
    text = (source / "include/xendevicemodel_passthrough.h").read_text()
    return re.findall(r"^int (xendevicemodel_\w+)\(", text, re.M)


# What there is, where it is called, where its bytes are checked, and where the reasons are.
PARTS = {
    "ctrl": (exported, ["tests/ctrl/*.[ch]"], "tests/unit/ctrl/*.c", "tests/ctrl/hardware.txt"),
    "passthrough": (passthrough, ["tests/ctrl/devicemodel_passthrough.c", "tests/passthrough/*.c"],
                    "tests/unit/devicemodel/*.c", "tests/passthrough/hardware.txt"),
}


def words(paths):
    """The names in the files; the macros of <xenctrl/buffer.h> call xc__hypercall_...."""
    found = set()
    for path in paths:
        found.update(re.findall(r"\w+", path.read_text()))
    return found | {name.replace("xc_hypercall", "xc__hypercall") for name in found}


def report(number, title, wrong):
    for name in wrong:
        print(f"# {name}")
    print(f"{'not ' if wrong else ''}ok {number} - {title}")
    return not wrong


def main():
    source = Path(sys.argv[1])
    functions_of, programs, units, hardware = PARTS[sys.argv[2]]
    functions = functions_of(source)
    on_xen = words(path for pattern in programs for path in source.glob(pattern))
    in_units = words(source.glob(units))
    rows = [line.split("|", 1) for line in (source / hardware).read_text().splitlines()
            if line and not line.startswith("#")]
    reasons = {row[0].strip(): row[1].strip() if len(row) == 2 else "" for row in rows}
    good = [
        report(1, f"each of {len(functions)} functions is called on Xen, or has a reason",
               [name for name in functions if name not in on_xen and not reasons.get(name)]),
        report(2, "what has a reason has a unit test",
               [name for name in reasons if name in functions and name not in in_units]),
        report(3, "reasons are of functions that there are",
               [name for name in reasons if name not in functions]),
    ]
    print("1..3")
    return 0 if functions and all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
